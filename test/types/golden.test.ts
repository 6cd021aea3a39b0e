import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SqlError } from '../../src/commons/sql-error.js';
import { applyTypmod, codecFor, type TypeCodec } from '../../src/types/type-codec.js';
import { inputCases } from './golden-cases.js';
import { operationCases } from './golden-operations.js';
import { type OperationCase, sqlOf } from './operation-case.js';
import { castOperation, operations } from './operations.js';
import { contextOf } from './settings.js';
import { typeOfSql } from './sql-type.js';

type Answer = string | null | readonly (string | null)[];
const golden: { inputs: Answer[][]; binaries: (string | null)[][]; operations: Answer[] } = JSON.parse(
  readFileSync(new URL('golden.json', import.meta.url), 'utf8'),
);

function answerOf(run: () => string | null): Answer {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { detail = null, hint = null, where = null } = error.fields;
    return [error.code, error.message, detail, hint, where];
  }
}

function resultOf(operation: OperationCase): string | null {
  const cx = contextOf(operation.settings);
  const types = operation.arguments.map(([type]) => type);
  const values = operation.arguments.map(([type, text]) => (text === null ? null : codecOf(type).input(text, cx, -1)));
  const [first = ''] = types;
  const ours = operation.name.startsWith('cast ') ? castOperation(first, operation.name.slice(5)) : operations.get(operation.name);
  if (ours === undefined) throw new Error(`no operation ${operation.name}`);
  const result = ours.run(values, cx, types);
  return result === null ? null : codecOf(ours.type).output(result, cx);
}

function codecOf(type: string): TypeCodec {
  const codec = codecFor(typeOfSql(type).oid);
  if (codec === undefined) throw new Error(`no codec for ${type}`);
  return codec;
}

describe('texts in and out', () => {
  inputCases.forEach(({ type, settings, texts }, group) => {
    test(`${type} ${JSON.stringify(settings ?? {})}`, () => {
      const { oid, typmod } = typeOfSql(type);
      const codec = codecOf(type);
      const cx = contextOf(settings);
      const fitValue = applyTypmod(oid, typmod, false);
      const ours = texts.map((text) => {
        const answer = answerOf(() => {
          const value = codec.input(text, cx, typmod);
          return codec.output(fitValue === undefined ? value : fitValue(value), cx);
        });
        return [text, answer];
      });
      expect(ours).toEqual(texts.map((text, i) => [text, golden.inputs[group]?.[i]]));
    });
  });
});

describe('binary out and in', () => {
  inputCases.forEach(({ type, settings, texts }, group) => {
    test(`${type} ${JSON.stringify(settings ?? {})}`, () => {
      const { oid, typmod } = typeOfSql(type);
      const { input, output, send, receive, binarySize, writeBinary } = codecOf(type);
      if (send === undefined || receive === undefined) throw new Error(`no binary form of ${type}`);
      const cx = contextOf(settings);
      const fitValue = applyTypmod(oid, typmod, false) ?? ((value) => value);
      texts.forEach((text, i) => {
        const expected = golden.binaries[group]?.[i];
        // JavaScript has one NaN, PostgreSQL's has a sign that shows nowhere else.
        if (expected === null || text === '-nan') return;
        const value = fitValue(input(text, cx, typmod));
        const bytes = send(value, cx);
        expect([text, Buffer.from(bytes).toString('hex')]).toEqual([text, expected]);
        expect(output(receive(bytes, cx, typmod), cx)).toBe(output(value, cx));
        if (binarySize === undefined || writeBinary === undefined) return;
        const target = Buffer.alloc(binarySize + 2);
        writeBinary(value, target, 1);
        expect(target.toString('hex')).toBe(`00${expected}00`);
      });
    });
  });
});

describe('operations', () => {
  const groups = new Map<string, { operation: OperationCase; expected: Answer | undefined }[]>();
  operationCases.forEach((operation, i) => {
    const group = groups.get(operation.name) ?? [];
    group.push({ operation, expected: golden.operations[i] });
    groups.set(operation.name, group);
  });
  for (const [name, cases] of groups) {
    test(name, () => {
      const ours = cases.map(({ operation }) => [sqlOf(operation), answerOf(() => resultOf(operation))]);
      expect(ours).toEqual(cases.map(({ operation, expected }) => [sqlOf(operation), expected]));
    });
  }
});
