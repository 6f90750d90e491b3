// The keyboard: `data-key="a"` is pressed or focused by that key, j and k go through `data-row`, ? shows `dialog[data-keys]`.

/** True where a person is writing, so that a letter is a letter. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** The next position of a list of `size`, forward or back, that stops at the ends; -1 where the list is empty. */
export function nextRow(at: number, step: 1 | -1, size: number): number {
  if (size === 0) return -1;
  if (at < 0) return step === 1 ? 0 : size - 1;
  return Math.max(0, Math.min(size - 1, at + step));
}

function isShown(element: HTMLElement): boolean {
  return element.getClientRects().length > 0;
}

function go(step: 1 | -1): void {
  const found = [...document.querySelectorAll<HTMLElement>("[data-row]")].filter(isShown);
  const at = found.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = found[nextRow(at, step, found.length)];
  if (!next) return;
  if (next.tabIndex < 0) next.tabIndex = 0;
  next.focus();
}

/** Listen for keys on the whole page. */
export function listenForKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isWriting(event.target)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "?") document.querySelector<HTMLDialogElement>("dialog[data-keys]")?.showModal();
    else {
      const named = [...document.querySelectorAll<HTMLElement>("[data-key]")].find((each) => each.dataset["key"] === event.key && isShown(each));
      if (!named) return;
      // A grave button is only brought under the finger: it has to be held by itself.
      if (named.matches("input, textarea, select, [data-hold]")) named.focus();
      else named.click();
    }
    event.preventDefault();
  });
}
