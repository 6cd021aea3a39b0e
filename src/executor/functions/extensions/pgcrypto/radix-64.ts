/** crypt's letters for six bits each, by which salts and hashes are written. */
const LETTERS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The lowest six bits first. */
export function lettersOf(value: number, count: number): string {
  let text = '';
  for (let i = 0, left = value; i < count; i++, left = Math.floor(left / 64)) text += LETTERS[left % 64] ?? '';
  return text;
}
