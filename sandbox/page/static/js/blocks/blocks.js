/** Block Kit: blocks on a surface; `place` is {kind: "message", channel, ts, values} or {kind: "view", id, values}. */

import { h } from "../dom.js";
import { Element } from "../elements/elements.js";
import { errorId, fieldId } from "../elements/naming.js";
import { markdown } from "../text/markdown.js";
import { RichText } from "../text/rich.js";
import { textOf } from "../text/texts.js";
import { Alert, Card, Carousel, Container, Plan, TaskCard } from "./cards.js";
import { Folded } from "./folded.js";
import { ImageBlock, Picture, Video } from "./pictures.js";
import { Chart, DataTable, Table } from "./tables.js";

const LONG = 700; // characters of a section that a message shows without being asked for more
const MANY = 12; // and lines

/** The blocks of a message, form or Home tab; `errors` are sentences by block_id. */
export function Blocks({ blocks, place, errors = {} }) {
  const here = { ...place, errors };
  const keyOf = (block, i) => `${block.block_id ?? i} ${block.type}`;
  return h("div", { class: "blocks" }, blocks.map((block, i) => Block(block, here, keyOf(block, i))));
}

/** One block; what is not known here says its name. */
function Block(block, place, key) {
  const draw = DRAWN[block.type];
  return h("div", { key, class: `block block-${block.type}`, "data-block": block.block_id },
    draw
      ? draw(block, place)
      : h("p", { class: "unknown" }, `A block of the type “${block.type}”, which this page cannot draw.`));
}

const DRAWN = {
  section: Section,
  header: (block) => h("h3", {}, textOf(block.text)),
  divider: () => h("hr"),
  context: Context,
  actions: Actions,
  context_actions: Actions,
  input: Input,
  image: ImageBlock,
  video: Video,
  file: (block) => h("p", { class: "remote" }, `A file kept elsewhere: ${block.external_id}`),
  call: () => h("p", { class: "remote" }, "A call"),
  rich_text: RichText,
  markdown: (block) => markdown(block.text),
  table: Table,
  data_table: DataTable,
  data_visualization: Chart,
  alert: Alert,
  card: Card,
  carousel: Carousel,
  container: (block, place) => Container(block, place, Block),
  task_card: TaskCard,
  plan: Plan,
};

function Section(block, place) {
  const { text, fields = [], accessory } = block;
  const isLong = text && (text.text.length > LONG || text.text.split("\n").length > MANY);
  const isFolded = isLong && place.kind === "message" && !block.expand;
  const words = text ? h("div", { class: "text" }, textOf(text)) : null;
  return [
    h("div", { key: "words", class: "words" },
      isFolded ? Folded({ key: "text", more: "See more", less: "See less" }, words) : words,
      fields.length
        ? h("div", { class: "facts" }, fields.map((field) => h("div", { class: "fact" }, textOf(field))))
        : null),
    accessory ? h("div", { key: "accessory", class: "accessory" }, Accessory(accessory, block, place)) : null,
  ];
}

function Accessory(element, block, place) {
  return element.type === "image" ? Picture(element, "thumbnail") : Element({ element, block, place });
}

function Context(block) {
  const draw = (one) => (one.type === "image" ? Picture(one, "small") : h("div", { class: "text" }, textOf(one)));
  return block.elements.map(draw);
}

function Actions(block, place) {
  return block.elements.map((element) => Element({ element, block, place }));
}

function Input(block, place) {
  const { label, hint, optional, element } = block;
  const error = place.errors?.[block.block_id];
  return [
    h("label", { key: "label", for: fieldId(place, block) },
      textOf(label), optional ? h("span", { class: "optional" }, " (optional)") : null),
    h("div", { key: "field", class: "entry" }, Element({ element, block, place })),
    error ? h("p", { key: "error", class: "error", role: "alert", id: errorId(place, block) }, error) : null,
    hint ? h("p", { key: "hint", class: "hint" }, textOf(hint)) : null,
  ];
}
