// Buttons that do something grave: `<button data-hold="1500">` has to be held down for so long [ms].
// Who cannot hold (a switch, a screen reader) presses twice within some seconds instead. Without a script the server asks.

const TWICE_MS = 5_000;

/** Whether a press was held long enough. */
export function isHeld(pressedAtMs: number, nowMs: number, holdMs: number): boolean {
  return nowMs - pressedAtMs >= holdMs;
}

export interface Hold {
  press(): void;
  release(): void;
}

/** Let one button ask to be held. */
export function holdable(button: HTMLButtonElement): Hold {
  // Without this script the button would not wait, so the page comes with it switched off.
  button.disabled = false;
  const holdMs = Number(button.dataset["hold"]) || 1500;
  let pressedAtMs: number | null = null;
  let askedAtMs = -Infinity;
  let isAllowed = false;
  const show = (share: number) => button.style.setProperty("--held", String(share));

  function frame(): void {
    if (pressedAtMs === null) return;
    const now = performance.now();
    show(Math.min(1, (now - pressedAtMs) / holdMs));
    if (isHeld(pressedAtMs, now, holdMs)) {
      pressedAtMs = null;
      show(0);
      button.classList.remove("holding");
      isAllowed = true;
      button.click();
      isAllowed = false;
      return;
    }
    requestAnimationFrame(frame);
  }

  function press(): void {
    if (pressedAtMs !== null || button.disabled) return;
    pressedAtMs = performance.now();
    button.classList.add("holding");
    requestAnimationFrame(frame);
  }

  function release(): void {
    pressedAtMs = null;
    button.classList.remove("holding");
    show(0);
  }

  button.addEventListener("pointerdown", (event) => {
    if (event.button === 0) press();
  });
  for (const name of ["pointerup", "pointerleave", "pointercancel", "blur"]) button.addEventListener(name, release);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    if (!event.repeat) press();
  });
  button.addEventListener("keyup", release);
  button.addEventListener(
    "click",
    (event) => {
      // A click that no pointer made comes from an assistive tool: two of them count as one hold.
      const isTwice = event.detail === 0 && performance.now() - askedAtMs < TWICE_MS;
      if (isAllowed || isTwice) {
        askedAtMs = -Infinity;
        button.classList.remove("asked");
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (event.detail === 0) {
        askedAtMs = performance.now();
        button.classList.add("asked");
      }
    },
    true,
  );
  return { press, release };
}

const known = new WeakSet<HTMLButtonElement>();

/** Let every such button of a part of the page ask to be held. */
export function holdAll(root: ParentNode = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>("button[data-hold]")) {
    if (known.has(button)) continue;
    known.add(button);
    holdable(button);
  }
}
