/** Block Kit: what can be pressed, chosen and filled. Each kind is drawn by the function of its name in KINDS. */

import { h } from "../dom.js";
import { Checkboxes, RadioButtons } from "./boxes.js";
import { Button, FeedbackButtons, IconButton, Overflow, WorkflowButton } from "./buttons.js";
import { FileInput } from "./files.js";
import { DatePicker, DateTimePicker, TimePicker } from "./moments.js";
import { MultiSelect, Select } from "./select.js";
import { Email, NumberInput, PlainText, RichTextInput, Url } from "./typing.js";

const SELECTS = ["static", "external", "users", "conversations", "channels"];

const KINDS = {
  button: Button,
  workflow_button: WorkflowButton,
  icon_button: IconButton,
  feedback_buttons: FeedbackButtons,
  overflow: Overflow,
  checkboxes: Checkboxes,
  radio_buttons: RadioButtons,
  datepicker: DatePicker,
  timepicker: TimePicker,
  datetimepicker: DateTimePicker,
  plain_text_input: PlainText,
  email_text_input: Email,
  url_text_input: Url,
  number_input: NumberInput,
  rich_text_input: RichTextInput,
  file_input: FileInput,
  ...Object.fromEntries(SELECTS.map((kind) => [`${kind}_select`, Select])),
  ...Object.fromEntries(SELECTS.map((kind) => [`multi_${kind}_select`, MultiSelect])),
};

/** One element of a block, at a place: {kind: "message", channel, ts, values} or {kind: "view", id, values}. */
export function Element({ element, block, place }) {
  const draw = KINDS[element.type];
  return draw ? draw(element, block, place) : h("span", { class: "unknown" }, `(${element.type})`);
}
