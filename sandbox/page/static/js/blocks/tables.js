/** Tables in messages. */

import { h } from "../dom.js";
import { RichText } from "../text/rich.js";

/** A table block: the first row names the columns. */
export function Table(block) {
  const settings = block.column_settings ?? [];
  const side = (i) => `${settings[i]?.align ?? "left"}${settings[i]?.is_wrapped ? " wrapped" : ""}`;
  return Scrolling("Table", h("table", {}, Rows(block.rows, side)));
}

/** A data_table block: a table with a caption. */
export function DataTable(block) {
  const side = (i) => (block.rows[1]?.[i]?.type === "raw_number" ? "right" : "left");
  return Scrolling(block.caption, h("table", {}, h("caption", {}, block.caption), Rows(block.rows, side)));
}

function Scrolling(label, table) {
  return h("div", { class: "table", role: "group", "aria-label": label, tabindex: "0" }, table);
}

function Rows([names, ...rest], side) {
  const row = (cells, tag) => h("tr", {}, cells.map((cell, i) => h(tag, { class: side(i) }, Cell(cell))));
  return [h("thead", {}, names ? row(names, "th") : null), h("tbody", {}, rest.map((cells) => row(cells, "td")))];
}

const Cell = (cell) => (cell.type === "rich_text" ? RichText(cell) : cell.text ?? String(cell.value ?? ""));
