/**
 * A value as a literal that PostgreSQL reads by the type that is wanted in its place, in the way of node-postgres: arrays are arrays (for json,
 * give JSON.stringify's text), other objects are JSON, bytes are bytea. Dates are instants in UTC.
 * @throws TypeError for what has no text: functions, symbols
 */
export function literal(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  const text = valueText(value);
  const inner = text.replaceAll("'", "''");
  return text.includes('\\') ? `E'${inner.replaceAll('\\', '\\\\')}'` : `'${inner}'`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return dateText(value);
  if (value instanceof ArrayBuffer) return bytesText(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return bytesText(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  if (Array.isArray(value)) return `{${value.map(elementText).join(',')}}`;
  const text: unknown = JSON.stringify(value);
  if (typeof text !== 'string') throw new TypeError(`a parameter can't be a ${typeof value}`);
  return text;
}

function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new TypeError("a parameter can't be an invalid Date");
  const text = date.toISOString();
  // Years beyond four digits, and before Christ, which ISO 8601 writes with a sign.
  if (!/^[+-]/.test(text)) return text;
  const year = date.getUTCFullYear();
  const rest = text.slice(7);
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}

const bytesText = (bytes: Uint8Array): string => `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

function elementText(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return valueText(value);
  return `"${valueText(value).replace(/["\\]/g, '\\$&')}"`;
}
