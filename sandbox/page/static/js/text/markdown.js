/** The Markdown of markdown blocks as elements; what is not known here stays as text, HTML above all. */

import { h } from "../dom.js";
import { markdownWords } from "./markdown-words.js";

const FENCE = /^ {0,3}(```+|~~~+)\s*([\w+-]*)[^`]*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)([-*+]|\d{1,9}[.)])( +)(.*)$/;
const TASK = /^\[([ xX])\]\s+/;
const DELIMITERS = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const STARTS = [FENCE, HEADING, RULE, QUOTE, ITEM];
const DEEPEST = 8; // quotes and lists within each other

/** The elements of a Markdown text. */
export function markdown(text = "") {
  return h("div", { class: "markdown" }, parts(text.replaceAll("\r\n", "\n").split("\n"), 0));
}

/** What lines are, one thing after another; each reader gives [element, lines taken], or null for another's lines. */
function parts(lines, depth) {
  const readers = depth < DEEPEST ? [blank, fence, heading, rule, quote, list, table, paragraph] : [blank, flat];
  const shown = [];
  let rest = lines;
  while (rest.length) {
    const [element, taken] = readers.reduce((found, read) => found ?? read(rest, depth), null);
    shown.push(element);
    rest = rest.slice(taken);
  }
  return shown;
}

const blank = (lines) => (lines[0].trim() ? null : [null, 1]);

function fence(lines) {
  const opening = FENCE.exec(lines[0]);
  if (!opening) return null;
  const [mark, length] = [opening[1].charAt(0), opening[1].length];
  const isEnd = (line) => line.trim().length >= length && [...line.trim()].every((character) => character === mark);
  const end = lines.findIndex((line, i) => i > 0 && isEnd(line));
  const inside = lines.slice(1, end < 0 ? lines.length : end);
  return [h("pre", {}, inside.join("\n")), inside.length + (end < 0 ? 1 : 2)];
}

function heading(lines) {
  const found = HEADING.exec(lines[0]);
  if (!found) return null;
  const level = found[1].length;
  const props = { class: `heading level-${level}`, role: "heading", "aria-level": level + 2 };
  return [h("div", props, markdownWords(found[2])), 1];
}

const rule = (lines) => (RULE.test(lines[0]) ? [h("hr"), 1] : null);

function quote(lines, depth) {
  const taken = run(lines, (line) => QUOTE.test(line));
  const inside = lines.slice(0, taken).map((line) => line.replace(QUOTE, ""));
  return taken ? [h("blockquote", {}, parts(inside, depth + 1)), taken] : null;
}

/** A list: its points with all that is indented below them. */
function list(lines, depth) {
  const first = ITEM.exec(lines[0]);
  if (!first) return null;
  const isPoint = (line = "") => ITEM.test(line) && /\d/.test(ITEM.exec(line)[2]) === isOrdered && !RULE.test(line);
  const isOrdered = /\d/.test(first[2]);
  const items = [];
  let taken = 0;
  while (isPoint(lines[taken])) {
    const [, indent, mark, gap, words] = ITEM.exec(lines[taken]);
    const below = run(lines.slice(taken + 1), (line, i, rest) => belongs(line, rest[i + 1], indent.length + 2));
    const inner = indent.length + mark.length + gap.length;
    const inside = lines.slice(taken + 1, taken + 1 + below).map((line) => outdented(line, inner));
    items.push(item([words, ...inside], depth));
    taken += 1 + below;
    if (lines[taken]?.trim() === "" && isPoint(lines[taken + 1])) taken += 1;
  }
  const start = isOrdered ? parseInt(first[2], 10) : 1;
  return [h(isOrdered ? "ol" : "ul", { class: `mark-${depth % 3}`, start: start === 1 ? null : start }, items), taken];
}

/** Whether a line is indented so far, or blank before one that is. */
function belongs(line, next, indent) {
  return spaces(line) >= indent || (!line.trim() && Boolean(next?.trim()) && spaces(next) >= indent);
}

const spaces = (line) => (line.trim() ? /^ */.exec(line)[0].length : 0);
const outdented = (line, by) => line.slice(Math.min(by, spaces(line)));

/** One point of a list; one of a list of tasks shows whether it is done. */
function item(lines, depth) {
  const task = TASK.exec(lines[0]);
  const inside = parts([lines[0].replace(TASK, ""), ...lines.slice(1)], depth + 1);
  if (!task) return h("li", {}, inside);
  const isDone = task[1] !== " ";
  const label = isDone ? "Done" : "To do";
  const box = h("input", { type: "checkbox", checked: isDone, disabled: true, "aria-label": label });
  return h("li", { class: "task" }, box, h("div", {}, inside));
}

function isTable(line, next = "") {
  return line.includes("|") && DELIMITERS.test(next) && cells(line).length === cells(next).length;
}

/** A table: a row of names, a row of dashes, and the rest. */
function table(lines) {
  if (!isTable(lines[0], lines[1])) return null;
  const taken = 2 + run(lines.slice(2), (line) => line.includes("|"));
  const sides = cells(lines[1]).map(sideOf);
  const row = (line, tag) => {
    const texts = cells(line);
    return h("tr", {}, sides.map((side, i) => h(tag, { class: `align-${side}` }, markdownWords(texts[i] ?? ""))));
  };
  const body = lines.slice(2, taken).map((line) => row(line, "td"));
  const whole = h("table", {}, h("thead", {}, row(lines[0], "th")), h("tbody", {}, body));
  return [h("div", { class: "table", role: "group", "aria-label": "Table", tabindex: "0" }, whole), taken];
}

function sideOf(dashes) {
  if (!dashes.endsWith(":")) return "left";
  return dashes.startsWith(":") ? "center" : "right";
}

function cells(line) {
  const inside = line.trim().replace(/^\||(?<!\\)\|$/g, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

/** Lines up to the next blank one, or to where something else begins. */
function paragraph(lines) {
  const isOther = (i) => STARTS.some((start) => start.test(lines[i])) || isTable(lines[i], lines[i + 1]);
  const taken = run(lines, (line, i) => line.trim() && (i === 0 || !isOther(i)));
  return [words(lines.slice(0, taken)), taken];
}

/** What is too deep within other things to be more than lines. */
const flat = (lines) => [words(lines), lines.length];

const words = (lines) => h("p", {}, markdownWords(lines.map((line) => line.trim().replace(/\\$/, "")).join("\n")));

/** How many lines from the first on are so. */
function run(lines, isSo) {
  const end = lines.findIndex((line, i) => !isSo(line, i, lines));
  return end < 0 ? lines.length : end;
}
