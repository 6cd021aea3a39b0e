/** A power of two: a text is forgotten when one that falls on its place comes by. */
const PLACES = 16_384;
/** Of a longer text, its start and its end are looked at. */
const HASHED_CHARACTERS = 512;

/**
 * Tells the texts that have come by before from those that are new, and may take a new one for an old one now and then. A cache that lets in
 * only what comes a second time is not flooded by statements that never do, and their plans die young, which is what makes garbage cheap.
 */
export class Doorkeeper {
  readonly #seen = new Uint32Array(PLACES);

  /** Notes the text. @returns whether it has come by before */
  admits(text: string): boolean {
    const hash = hashOf(text);
    const place = hash & (PLACES - 1);
    if (this.#seen[place] === hash) return true;
    this.#seen[place] = hash;
    return false;
  }
}

/** FNV-1a over UTF-16 units; never 0. */
function hashOf(text: string): number {
  const { length } = text;
  let hash = 0x811c9dc5 ^ length;
  const end = Math.min(length, HASHED_CHARACTERS);
  for (let i = 0; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  for (let i = Math.max(end, length - HASHED_CHARACTERS); i < length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // The low bits choose the place.
  hash ^= hash >>> 15;
  return hash >>> 0 || 1;
}
