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

/** A data_visualization block: the numbers of its chart, as far as they are known. */
export function Chart({ title, chart }) {
  const series = chart.series ?? [{ name: title, data: chart.segments ?? [] }];
  const rows = series.flatMap(({ name, data = [] }) => data.map((point) => [name, point.label, point.value]));
  const cells = rows.map((row) => h("tr", {}, row.map((value) => h("td", {}, value ?? ""))));
  return Scrolling(title, h("table", {}, h("caption", {}, `${title} (${chart.type} chart)`), h("tbody", {}, cells)));
}

function Scrolling(label, table) {
  return h("div", { class: "table", role: "group", "aria-label": label, tabindex: "0" }, table);
}

function Rows([names, ...rest], side) {
  const row = (cells, tag) => h("tr", {}, cells.map((cell, i) => h(tag, { class: `align-${side(i)}` }, Cell(cell))));
  return [h("thead", {}, names ? row(names, "th") : null), h("tbody", {}, rest.map((cells) => row(cells, "td")))];
}

const Cell = (cell) => (cell.type === "rich_text" ? RichText(cell) : cell.text ?? String(cell.value ?? ""));
