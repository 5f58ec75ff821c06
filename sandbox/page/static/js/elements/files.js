/** A field for files, which are uploaded as soon as they are chosen. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { upload } from "../server.js";
import { fieldProps } from "./naming.js";
import { complain } from "./telling.js";
import { enter, keyOf, touch, valueOf } from "./values.js";

const MOST = 10; // blocks.json: file_input, max_files

const uploading = new Map(); // by field: the names of what is on its way

/** Files by a button or dropped on it; each can be taken out again. */
export function FileInput(element, block, place) {
  const files = valueOf(place, block, element);
  const waiting = uploading.get(wayOf(place, block, element)) ?? [];
  const most = element.max_files ?? MOST;
  const room = most - files.length - waiting.length;
  const take = (chosen) => add({ element, block, place, room, chosen: [...chosen] });
  return h("div", { key: element.action_id, class: "files" },
    files.map((file) => Uploaded(file, () => enter(place, block, element, files.filter((one) => one.id !== file.id)))),
    waiting.map(Uploading),
    room > 0 ? Chooser({ element, block, place, most, take }) : null);
}

function Uploading(name) {
  return h("p", { key: name, class: "file", role: "status" }, h("span", { class: "spinner" }), `Uploading ${name} …`);
}

function Uploaded(file, remove) {
  const props = { type: "button", class: "icon-button", "aria-label": `Remove ${file.name}`, on: { click: remove } };
  return h("p", { key: file.id, class: "file" },
    icon("paperclip"), h("span", { class: "words" }, file.name), h("button", props, icon("close")));
}

function Chooser({ element, block, place, most, take }) {
  const kinds = element.filetypes ?? [];
  const drop = (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  };
  const change = ({ target }) => {
    take(target.files);
    target.value = "";
  };
  return h("label", { key: "chooser", class: "chooser", on: { drop, dragover: (event) => event.preventDefault() } },
    h("input", {
      ...fieldProps(place, block, element), type: "file", class: "unseen", multiple: most > 1,
      accept: kinds.map((kind) => `.${kind}`).join(",") || null, on: { change },
    }),
    icon("plus"), h("span", { class: "words" }, most > 1 ? "Add files" : "Add a file"),
    kinds.length ? h("span", { class: "note" }, kinds.join(", ")) : null);
}

async function add({ element, block, place, room, chosen }) {
  const fitting = chosen.filter(({ name }) => isKind(name, element.filetypes));
  if (fitting.length < chosen.length) complain(place, `Only these are taken here: ${element.filetypes.join(", ")}.`);
  if (fitting.length > room) complain(place, `No more than ${element.max_files ?? MOST} files are taken here.`);
  const sent = fitting.slice(0, room);
  if (!sent.length) return;
  const way = wayOf(place, block, element);
  uploading.set(way, sent.map(({ name }) => name));
  touch(place);
  try {
    const { files } = await upload(sent);
    enter(place, block, element, [...valueOf(place, block, element), ...files]);
  } catch (fault) {
    complain(place, fault.message);
  }
  uploading.delete(way);
  touch(place);
}

function isKind(name, kinds) {
  return !kinds?.length || kinds.some((kind) => name.toLowerCase().endsWith(`.${kind.toLowerCase()}`));
}

const wayOf = (place, block, element) => [keyOf(place), block.block_id, element.action_id].join("\n");
