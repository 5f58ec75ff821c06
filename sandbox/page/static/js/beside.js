/** Where a popup stands: beside what it belongs to, inside the window, in front of everything. */

const GAP = 4; // between a popup and what it belongs to
const MARGIN = 8; // between a popup and the window's edge
const LEAST = 120; // pixels of height a popup may always have

/** Show a popover beside its anchor, below it where there is room; `isWide` makes it as wide as that at least. */
export function standBeside(popup, anchor, { isWide = false } = {}) {
  const at = anchor.getBoundingClientRect();
  const [below, above] = [innerHeight - at.bottom - GAP - MARGIN, at.top - GAP - MARGIN];
  popup.style.setProperty("max-height", "none");
  if (isWide) popup.style.setProperty("min-width", `${at.width}px`);
  if (!popup.matches(":popover-open")) popup.showPopover();
  const isBelow = popup.offsetHeight <= below || below >= above;
  const height = Math.min(popup.offsetHeight, Math.max(LEAST, isBelow ? below : above));
  const left = Math.max(MARGIN, Math.min(at.left, innerWidth - popup.offsetWidth - MARGIN));
  const top = Math.max(MARGIN, isBelow ? at.bottom + GAP : at.top - GAP - height);
  const place = { left: `${left}px`, top: `${top}px`, "max-height": `${height}px` };
  for (const [name, value] of Object.entries(place)) popup.style.setProperty(name, value);
}

/** Make an empty popover in an element. */
export function makePopup(parent, { role, label, kind }) {
  const popup = document.createElement("div");
  popup.className = `popup ${kind}`;
  popup.popover = "manual";
  popup.setAttribute("role", role);
  popup.setAttribute("aria-label", label);
  parent.append(popup);
  return popup;
}
