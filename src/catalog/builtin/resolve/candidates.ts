import { TypeOid } from '../../../types/oids.js';
import type { TypeSource } from '../types.js';
import { canCoerce } from './coercion.js';
import { checkPolymorphic } from './polymorphic.js';
import { baseTypeOf, categoryOf, isPolymorphic, isPreferred } from './type-facts.js';

/** The type of a candidate's parameter: how the rules read functions and operators alike, without a wrapper for each. */
export type ParameterType<Candidate> = (candidate: Candidate, index: number) => number;

export type Selection<Candidate> =
  | { readonly kind: 'one'; readonly candidate: Candidate }
  | { readonly kind: 'none' }
  | { readonly kind: 'ambiguous' };

const UNDEFINED: Selection<never> = Object.freeze({ kind: 'none' });
const AMBIGUOUS: Selection<never> = Object.freeze({ kind: 'ambiguous' });

/**
 * The best candidate for these argument types when none matches exactly: PostgreSQL manual, "Type Conversion: Functions", steps 4a to 4f
 * (and "Operators", 3a to 3f).
 */
export function selectCandidate<Candidate>(
  types: TypeSource,
  inputs: readonly number[],
  candidates: readonly Candidate[],
  parameter: ParameterType<Candidate>,
): Selection<Candidate> {
  // 4a: those that the arguments can be coerced to.
  let left = candidates.filter((candidate) => accepts(types, inputs, candidate, parameter));
  if (left.length === 0) return UNDEFINED;
  if (left.length === 1) return one(left);

  // 4b, 4c: those with the most exact matches; domains count as their base types.
  const bases = inputs.map((type) => baseTypeOf(types, type));
  left = withMost(left, (candidate) => count(bases, (type, i) => type !== TypeOid.unknown && parameter(candidate, i) === type));
  if (left.length === 1) return one(left);

  // 4d: those with the most exact matches or preferred types.
  const categories = bases.map((type) => categoryOf(types, type));
  left = withMost(left, (candidate) =>
    count(bases, (type, i) => {
      if (type === TypeOid.unknown) return false;
      const wanted = parameter(candidate, i);
      return wanted === type || isPreferred(types, categories[i] ?? '', wanted);
    }),
  );
  if (left.length === 1) return one(left);

  const unknowns = bases.filter((type) => type === TypeOid.unknown).length;
  if (unknowns === 0) return AMBIGUOUS;

  // 4e: where arguments are unknown, the category that the candidates agree on, or string.
  left = byCategoryOfUnknowns(types, bases, left, parameter);
  if (left.length === 1) return one(left);

  // 4f: the unknown ones are assumed to be of the same type as all the known ones.
  if (unknowns < bases.length) {
    const known = soleKnownType(bases);
    if (known !== undefined) {
      const assumed = bases.map(() => known);
      left = left.filter((candidate) => accepts(types, assumed, candidate, parameter));
      if (left.length === 1) return one(left);
    }
  }
  return AMBIGUOUS;
}

function one<Candidate>(left: readonly Candidate[]): Selection<Candidate> {
  const candidate = left[0];
  return candidate === undefined ? UNDEFINED : { kind: 'one', candidate };
}

/** Can all arguments be coerced implicitly to the candidate's parameters? */
function accepts<Candidate>(
  types: TypeSource,
  inputs: readonly number[],
  candidate: Candidate,
  parameter: ParameterType<Candidate>,
): boolean {
  let polymorphic = false;
  for (let i = 0; i < inputs.length; i++) {
    const from = inputs[i] ?? 0;
    const to = parameter(candidate, i);
    if (isPolymorphic(to)) polymorphic = true;
    else if (from !== to && from !== TypeOid.unknown && !canCoerce(types, from, to, 'implicit')) return false;
  }
  if (!polymorphic) return true;
  return checkPolymorphic(
    types,
    inputs,
    inputs.map((_, i) => parameter(candidate, i)),
  );
}

function count(bases: readonly number[], matches: (type: number, index: number) => boolean): number {
  let matched = 0;
  for (let i = 0; i < bases.length; i++) if (matches(bases[i] ?? 0, i)) matched++;
  return matched;
}

function withMost<Candidate>(candidates: readonly Candidate[], score: (candidate: Candidate) => number): Candidate[] {
  let best = -1;
  let kept: Candidate[] = [];
  for (const candidate of candidates) {
    const points = score(candidate);
    if (points > best) {
      best = points;
      kept = [candidate];
    } else if (points === best) {
      kept.push(candidate);
    }
  }
  return kept;
}

interface Slot {
  readonly index: number;
  readonly category: string;
  /** Some candidate has a preferred type of the category here, so that others drop out. */
  readonly preferred: boolean;
}

function byCategoryOfUnknowns<Candidate>(
  types: TypeSource,
  bases: readonly number[],
  candidates: Candidate[],
  parameter: ParameterType<Candidate>,
): Candidate[] {
  const slots: Slot[] = [];
  for (let i = 0; i < bases.length; i++) {
    if (bases[i] !== TypeOid.unknown) continue;
    const slot = categoryAt(types, i, candidates, parameter);
    // One argument that can't be settled leaves all as they are.
    if (slot === undefined) return candidates;
    slots.push(slot);
  }
  const kept = candidates.filter((candidate) =>
    slots.every((slot) => {
      const type = types.typeByOid(parameter(candidate, slot.index));
      return type !== undefined && type.category === slot.category && (type.preferred || !slot.preferred);
    }),
  );
  return kept.length === 0 ? candidates : kept;
}

/** What the candidates make of an unknown argument: string if any takes one, else the one category they all have. */
function categoryAt<Candidate>(
  types: TypeSource,
  index: number,
  candidates: readonly Candidate[],
  parameter: ParameterType<Candidate>,
): Slot | undefined {
  let category: string | undefined;
  let preferred = false;
  let conflict = false;
  for (const candidate of candidates) {
    const type = types.typeByOid(parameter(candidate, index));
    const found = type?.category ?? 'X';
    const foundPreferred = type?.preferred ?? false;
    if (category === undefined || (found === 'S' && category !== 'S')) {
      category = found;
      preferred = foundPreferred;
    } else if (found === category) {
      preferred ||= foundPreferred;
    }
    if (found !== category) conflict = true;
  }
  if (category === undefined || (conflict && category !== 'S')) return undefined;
  return { index, category, preferred };
}

/** The one base type of all known arguments; undefined when they differ. */
function soleKnownType(bases: readonly number[]): number | undefined {
  let known: number | undefined;
  for (const type of bases) {
    if (type === TypeOid.unknown) continue;
    if (known !== undefined && known !== type) return undefined;
    known = type;
  }
  return known;
}
