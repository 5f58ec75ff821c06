/** The tour: a short guide through the workspace. */

export function Guide() {
  return null;
}
