// What the warden's service worker keeps and when it gives it: a page from the network while there is one, a hashed file from here.

export type Way = "kept-first" | "network-first" | "leave";

/** How a request is answered: only pages of wardens and the files that they load are ever kept. */
export function wayOf(method: string, url: URL, origin: string): Way {
  if (method !== "GET" || url.origin !== origin) return "leave";
  if (url.pathname.startsWith("/static/")) return "kept-first";
  return url.pathname.startsWith("/w/") && url.pathname !== "/w/worker.js" ? "network-first" : "leave";
}

/** What becomes of the kept page after an answer: a link that is no good any more is forgotten. */
export function fateOf(status: number): "keep" | "forget" | "leave" {
  if (status === 200) return "keep";
  return status === 401 || status === 403 ? "forget" : "leave";
}
