/** Images and videos in blocks. The page loads nothing from elsewhere: what is not kept here shows its words. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { address } from "../server.js";
import { link } from "../text/mrkdwn.js";
import { textOf } from "../text/texts.js";

const FILE = /^(?:https?:\/\/[^/]+)?\/files-(?:pri|tmb)\/(?:[A-Z0-9]+-)?(F[A-Z0-9]+)/;

/** Where the page can load an image from: its own files and what an address holds in itself; else nothing. */
function sourceOf({ slack_file: file, image_url: url }) {
  const id = file?.id ?? FILE.exec(file?.url ?? url ?? "")?.[1];
  if (id) return address(`file/${id}`);
  return /^data:image\/(?:png|jpeg|gif|webp);base64,/.test(url ?? "") ? url : null;
}

/** An image, or a frame with the words that stand for it. */
export function Picture(image, size) {
  const src = sourceOf(image);
  const words = image.alt_text || "Image";
  if (src) return h("img", { class: `illustration ${size}`, src, alt: words, title: words });
  const props = { class: `illustration framed ${size}`, role: "img", "aria-label": words, title: words };
  return h("span", props, icon("image"), h("span", {}, words));
}

/** An image block: its title above it. */
export function ImageBlock(block) {
  return [block.title ? h("p", { key: "title", class: "title" }, textOf(block.title)) : null, Picture(block, "large")];
}

/** A video: who made it, what it is called, and a link to where it can be seen. */
export function Video(block) {
  const by = [block.provider_name, block.author_name].filter(Boolean).join(" · ");
  return [
    by ? h("p", { key: "by", class: "quiet" }, by) : null,
    h("p", { key: "title", class: "title" }, link(block.title_url ?? block.video_url, textOf(block.title))),
    block.description ? h("p", { key: "description" }, textOf(block.description)) : null,
    h("div", { key: "video", class: "film" }, link(block.video_url, [
      icon("play"), Picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "large"),
    ])),
  ];
}
