import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { TypeOid } from '../../types/oids.js';
import { at, errorAt } from './errors.js';
import type { BoundParam } from './expression.js';
import type { LiftedLiteral } from './logical.js';

/** The protocol counts parameters with 16 bits. */
const MAX_PARAMETERS = 65535;
const UNDETERMINED = 0;

/**
 * Types of $1, $2 …: as the client gave them, or decided by what each is first used as (PostgreSQL's variable parameters).
 * An undetermined one is bound as type unknown; coercing it decides.
 */
export class Parameters {
  readonly #types: Oid[];
  readonly #fixed: boolean;
  readonly #format: (oid: Oid) => string;

  constructor(given: readonly Oid[], fixed: boolean, format: (oid: Oid) => string) {
    this.#types = given.map((type) => (type === TypeOid.unknown ? UNDETERMINED : type));
    this.#fixed = fixed;
    this.#format = format;
  }

  /** @param index from 1 @throws SqlError 42P02 */
  bind(index: number, location: number | undefined): BoundParam {
    if (index < 1 || index > MAX_PARAMETERS || (this.#fixed && index > this.#types.length)) {
      throw errorAt(SqlState.undefinedParameter, `there is no parameter $${index}`, location);
    }
    while (this.#types.length < index) this.#types.push(UNDETERMINED);
    const type = this.#types[index - 1] || TypeOid.unknown;
    return { kind: 'param', source: 'param', index: index - 1, type, typmod: -1, ...at(location) };
  }

  /** Gives an undetermined parameter its type. @throws SqlError 42P08 when another use has decided otherwise */
  decide(param: BoundParam, type: Oid): BoundParam {
    const decided = this.#types[param.index] ?? UNDETERMINED;
    if (decided === UNDETERMINED) this.#types[param.index] = type;
    else if (decided !== type) {
      throw errorAt(SqlState.ambiguousParameter, `inconsistent types deduced for parameter $${param.index + 1}`, param.location, {
        detail: `${this.#format(decided)} versus ${this.#format(type)}`,
      });
    }
    return { ...param, type, typmod: -1 };
  }

  /** @throws SqlError 42P18 when one has no type */
  finish(): readonly Oid[] {
    for (let i = 0; i < this.#types.length; i++) {
      if (this.#types[i] === UNDETERMINED) {
        throw new SqlError(SqlState.indeterminateDatatype, `could not determine data type of parameter $${i + 1}`);
      }
    }
    return this.#types;
  }
}

const LIFTED_TYPES = { integer: TypeOid.int4, bigint: TypeOid.int8, numeric: TypeOid.numeric, string: TypeOid.unknown } as const;

type Numbered = { -readonly [K in keyof BoundParam]: BoundParam[K] };

/** Literals that the statement cache took out of the text: their values come with each execution. */
export class Lifted {
  readonly #entries: LiftedLiteral[] = [];
  readonly #extra: { readonly param: Numbered; readonly literal: number; readonly typmod: number }[] = [];

  bind(index: number, kind: keyof typeof LIFTED_TYPES, location: number | undefined): BoundParam {
    const type = LIFTED_TYPES[kind];
    while (this.#entries.length <= index) {
      this.#entries.push({ literal: this.#entries.length, type: TypeOid.unknown, typmod: -1 });
    }
    if (type !== TypeOid.unknown) this.#entries[index] = { literal: index, type, typmod: -1 };
    return { kind: 'param', source: 'lifted', index, type, typmod: -1, ...at(location) };
  }

  /**
   * A string literal meets its type. Where one text is needed as two types (its expression was copied), the second is numbered in `finish`.
   * @param typmod for the input function (an interval's); the value still has to be cast to it
   */
  decide(param: BoundParam, type: Oid, typmod: number): BoundParam {
    const { index } = param;
    const entry = this.#entries[index];
    const decided: Numbered = { ...param, type };
    if (entry === undefined || entry.type === TypeOid.unknown) this.#entries[index] = { literal: index, type, typmod };
    else if (entry.type !== type || entry.typmod !== typmod) this.#extra.push({ param: decided, literal: index, typmod });
    return decided;
  }

  /** Called once, when everything is bound. */
  finish(): readonly LiftedLiteral[] {
    for (const { param, literal, typmod } of this.#extra) {
      param.index = this.#entries.length;
      this.#entries.push({ literal, type: param.type, typmod });
    }
    return this.#entries;
  }
}
