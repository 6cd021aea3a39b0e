import { keyText } from '../../store/key-text.js';
import type { Space } from '../../store/store.js';
import type { Frame } from '../frame.js';

/** Whether this statement has changed the row already: PostgreSQL then leaves it alone. */
export function isTouched(frame: Frame, space: Space, key: Uint8Array): boolean {
  const keys = frame.touched?.get(space.id);
  return keys?.has(keyText(key)) === true;
}

export function touch(frame: Frame, space: Space, key: Uint8Array): void {
  frame.touched ??= new Map();
  let keys = frame.touched.get(space.id);
  if (keys === undefined) {
    keys = new Set();
    frame.touched.set(space.id, keys);
  }
  keys.add(keyText(key));
}
