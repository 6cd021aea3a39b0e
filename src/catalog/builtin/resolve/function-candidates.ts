import type { BuiltinProc } from '../types.js';

/** A function as one call could mean it: with VARIADIC spread out, defaults counted, named arguments sorted in. */
export interface FunctionCandidate {
  readonly proc: BuiltinProc;
  /** Parameter types in the call's order of arguments; those that take their defaults follow. */
  readonly argTypes: readonly number[];
  /** Which parameter each of argTypes is; undefined: as they stand. */
  readonly parameters: readonly number[] | undefined;
  /** How many of argTypes the variadic parameter is spread to. */
  readonly variadicCount: number;
  readonly defaultCount: number;
  /** Place of its schema in the search path. */
  readonly pathPosition: number;
  /** Another function takes the same arguments with equal right: a call that comes to this one is ambiguous. */
  ambiguous: boolean;
}

/**
 * Those of the functions that can be called with so many arguments of these names: PostgreSQL manual, "Type Conversion: Functions", step 1.
 * @param procs in the order of the search path
 * @param names of the last arguments, which stand in named notation
 * @param spread false when the call says VARIADIC
 */
export function functionCandidates(
  procs: readonly BuiltinProc[],
  argCount: number,
  names: readonly string[],
  spread: boolean,
): readonly FunctionCandidate[] {
  const found: FunctionCandidate[] = [];
  let pathPosition = 0;
  let namespace = procs[0]?.namespace;
  // Functions of one schema differ in their parameters, so that only what isn't called by its plain parameters can clash.
  let mayClash = false;
  for (const proc of procs) {
    if (proc.namespace !== namespace) {
      namespace = proc.namespace;
      pathPosition++;
      mayClash = true;
    }
    const candidate =
      names.length === 0 ? positional(proc, argCount, spread, pathPosition) : named(proc, argCount, names, spread, pathPosition);
    if (candidate === undefined) continue;
    mayClash ||= candidate.variadicCount > 0 || candidate.defaultCount > 0 || candidate.parameters !== undefined;
    if (mayClash) addUnlessHidden(found, candidate);
    else found.push(candidate);
  }
  return found;
}

function positional(proc: BuiltinProc, argCount: number, spread: boolean, pathPosition: number): FunctionCandidate | undefined {
  const parameterCount = proc.argTypes.length;
  if (spread && proc.variadic !== 0 && parameterCount <= argCount) {
    const argTypes = proc.argTypes.slice(0, -1);
    while (argTypes.length < argCount) argTypes.push(proc.variadic);
    const variadicCount = argCount - parameterCount + 1;
    return { proc, argTypes, parameters: undefined, variadicCount, defaultCount: 0, pathPosition, ambiguous: false };
  }
  const defaultCount = parameterCount - argCount;
  if (defaultCount < 0 || defaultCount > proc.defaults) return undefined;
  return { proc, argTypes: proc.argTypes, parameters: undefined, variadicCount: 0, defaultCount, pathPosition, ambiguous: false };
}

function named(
  proc: BuiltinProc,
  argCount: number,
  names: readonly string[],
  spread: boolean,
  pathPosition: number,
): FunctionCandidate | undefined {
  const parameterCount = proc.argTypes.length;
  const defaultCount = parameterCount - argCount;
  if ((spread && proc.variadic !== 0) || defaultCount < 0 || defaultCount > proc.defaults) return undefined;
  const parameters: number[] = [];
  for (let i = 0; i < argCount - names.length; i++) parameters.push(i);
  for (const name of names) {
    const parameter = parameterNamed(proc, name);
    if (parameter === -1 || parameters.includes(parameter)) return undefined;
    parameters.push(parameter);
  }
  for (let i = 0; i < parameterCount; i++) {
    if (parameters.includes(i)) continue;
    if (i < parameterCount - proc.defaults) return undefined;
    parameters.push(i);
  }
  const argTypes = parameters.map((parameter) => proc.argTypes[parameter] ?? 0);
  return { proc, argTypes, parameters, variadicCount: 0, defaultCount, pathPosition, ambiguous: false };
}

/** Number of an input parameter by its name; -1: there is none. */
function parameterNamed(proc: BuiltinProc, name: string): number {
  if (proc.argNames === undefined) return -1;
  let parameter = 0;
  for (let i = 0; i < proc.argNames.length; i++) {
    const mode = proc.argModes?.[i] ?? 'i';
    if (mode === 'o' || mode === 't') continue;
    if (proc.argNames[i] === name) return parameter;
    parameter++;
  }
  return -1;
}

/** Of two that take the same arguments: the earlier schema's, then the one without VARIADIC; else the call is ambiguous. */
function addUnlessHidden(found: FunctionCandidate[], candidate: FunctionCandidate): void {
  const index = found.findIndex((other) => sameGivenTypes(other, candidate));
  const other = found[index];
  if (other === undefined) {
    found.push(candidate);
    return;
  }
  if (other.pathPosition !== candidate.pathPosition) return;
  if (candidate.variadicCount > 0 && other.variadicCount === 0) return;
  if (candidate.variadicCount === 0 && other.variadicCount > 0) found[index] = candidate;
  else other.ambiguous = true;
}

function sameGivenTypes(a: FunctionCandidate, b: FunctionCandidate): boolean {
  const given = a.argTypes.length - a.defaultCount;
  if (given !== b.argTypes.length - b.defaultCount) return false;
  for (let i = 0; i < given; i++) if (a.argTypes[i] !== b.argTypes[i]) return false;
  return true;
}
