// The symbols of shelters, drawn here: a state is told by its form first and by its colour second.

export const STATUSES = ["open", "filling", "full", "shut", "unknown"] as const;
export type Status = (typeof STATUSES)[number];

export interface Colours {
  ground: string;
  water: string;
  street: string;
  district: string;
  alert: string;
  ink: string;
  edge: string;
  status: Record<Status, string>;
}

// Blue, amber, brown and purple keep apart for every kind of colour vision.
const LIGHT: Colours = {
  ground: "#f4f3ef", water: "#bcd4e4", street: "#c9c5bb", district: "#8d877a", alert: "#c2410c", ink: "#16191d", edge: "#ffffff",
  status: { open: "#005fa3", filling: "#0a7d78", full: "#8a5300", shut: "#8f1147", unknown: "#6b7280" },
};
const DARK: Colours = {
  ground: "#12161a", water: "#1c3243", street: "#353c43", district: "#77808a", alert: "#f97316", ink: "#f2f2f2", edge: "#0c0f12",
  status: { open: "#5db2f5", filling: "#35c9bd", full: "#f0b84a", shut: "#ff86b0", unknown: "#9aa3ad" },
};

/** The colours of a map, by the device's wish. */
export function colours(isDark: boolean): Colours {
  return isDark ? DARK : LIGHT;
}

const SIDE = 44; // Pixels at a density of two.

/** A picture of one state: a disc with a tick, a half, three bars, a cross or a question. */
export function symbol(status: Status, palette: Colours): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("This browser draws no pictures.");
  const middle = SIDE / 2;
  pen.fillStyle = palette.status[status];
  pen.strokeStyle = palette.edge;
  pen.lineWidth = 4;
  pen.beginPath();
  if (status === "shut") pen.rect(5, 5, SIDE - 10, SIDE - 10);
  else pen.arc(middle, middle, middle - 4, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.lineWidth = 5;
  pen.lineCap = "round";
  pen.beginPath();
  const line = (...points: [number, number][]) => points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  if (status === "open") line([13, 23], [20, 30], [32, 15]);
  if (status === "filling") line([13, 27], [31, 27]);
  if (status === "full") for (const y of [15, 22, 29]) line([13, y], [31, y]);
  if (status === "shut") (line([14, 14], [30, 30]), line([30, 14], [14, 30]));
  if (status === "unknown") (pen.arc(middle, 18, 6, Math.PI, 0.4 * Math.PI), line([22, 30], [22, 31]));
  pen.stroke();
  return pen.getImageData(0, 0, SIDE, SIDE);
}
