import { nodeAsText } from '../../../types/json/access.js';
import { formatJsonb } from '../../../types/json/format.js';
import { jsonAsText, jsonSlices, jsonTypeOf } from '../../../types/json/json-text.js';
import { isArray, isObject } from '../../../types/json/node.js';
import { parseJsonb } from '../../../types/json/parse.js';
import type { JsonNode } from '../../../types/value.js';

/** A part of a json or jsonb value, read without a difference between the two. */
export interface JsonPiece {
  readonly kind: 'object' | 'array' | 'string' | 'null' | 'other';
  /** Of an object; where json gives a key twice the last counts. */
  members(): ReadonlyMap<string, JsonPiece>;
  /** Of an array. */
  elements(): Iterable<JsonPiece>;
  /** As ->> gives it. */
  text(): string;
  /** As a value of type json: in json's case just as it was written. */
  json(): string;
  node(): JsonNode;
}

/** A part of a jsonb. */
export class NodePiece implements JsonPiece {
  readonly kind: JsonPiece['kind'];
  readonly #node: JsonNode;

  constructor(node: JsonNode) {
    this.#node = node;
    this.kind = isObject(node)
      ? 'object'
      : isArray(node)
        ? 'array'
        : node === null
          ? 'null'
          : typeof node === 'string'
            ? 'string'
            : 'other';
  }

  members(): ReadonlyMap<string, JsonPiece> {
    const members = new Map<string, JsonPiece>();
    if (isObject(this.#node)) for (const [key, value] of this.#node) members.set(key, new NodePiece(value));
    return members;
  }

  *elements(): Generator<JsonPiece> {
    if (isArray(this.#node)) for (const item of this.#node) yield new NodePiece(item);
  }

  text(): string {
    return nodeAsText(this.#node) ?? '';
  }

  json(): string {
    return formatJsonb(this.#node);
  }

  node(): JsonNode {
    return this.#node;
  }
}

/** A part of a json's text. */
export class TextPiece implements JsonPiece {
  readonly kind: JsonPiece['kind'];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    const type = jsonTypeOf(text);
    this.kind = type === 'object' || type === 'array' || type === 'string' || type === 'null' ? type : 'other';
  }

  members(): ReadonlyMap<string, JsonPiece> {
    return new Map(jsonSlices(this.#text).map(({ key, text }) => [key, new TextPiece(text)]));
  }

  *elements(): Generator<JsonPiece> {
    for (const { text } of jsonSlices(this.#text)) yield new TextPiece(text);
  }

  text(): string {
    return jsonAsText(this.#text) ?? '';
  }

  json(): string {
    return this.#text;
  }

  node(): JsonNode {
    return parseJsonb(this.#text).node;
  }
}
