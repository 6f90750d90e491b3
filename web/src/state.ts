// The public state as it comes over the wire, and how a change is taken into it.

export type Plain = null | boolean | number | string | Plain[] | { [name: string]: Plain };
export type Row = { [name: string]: Plain };

export interface State {
  version: number;
  is_exercise: boolean;
  [group: string]: Plain;
}

export interface Change extends State {
  from_version: number;
}

// What a row of each group is known by; a group that is not named here is taken whole.
const KEYS: { [group: string]: string } = {
  areas: "area_id",
  shelters: "shelter_id",
  sources: "source",
  notices: "notice_id",
  prices: "address",
};

/** The rows of a group; none where it has no rows. */
export function rows(state: State, group: string): Row[] {
  const found = state[group];
  return Array.isArray(found) ? found.filter((each): each is Row => typeof each === "object" && each !== null && !Array.isArray(each)) : [];
}

/** The state with a change in it, or null where the change does not follow on what is there. */
export function merge(state: State, change: Change): State | null {
  if (change.from_version > state.version) return null;
  if (change.version <= state.version) return state;
  const { from_version: _, ...news } = change;
  const merged: State = { ...state, version: change.version };
  for (const [group, value] of Object.entries(news)) {
    const key = KEYS[group];
    if (key === undefined || !Array.isArray(value)) {
      // A change without a word on the journal or the prices leaves what was known of them.
      if (value !== null) merged[group] = value;
      continue;
    }
    const byKey = new Map(rows(state, group).map((row) => [row[key], row]));
    for (const row of rows(change, group)) byKey.set(row[key], row);
    merged[group] = [...byKey.values()];
  }
  return merged;
}
