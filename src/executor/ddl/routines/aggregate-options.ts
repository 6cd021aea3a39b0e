import type { AggregateDefinition } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { DataTypeDef, DefElement, QName } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { warning } from '../notices.js';
import { optionFlag, optionName, optionText } from './support-function.js';

type Names = 'sfunc' | 'finalfunc' | 'combinefunc' | 'serialfunc' | 'deserialfunc' | 'msfunc' | 'minvfunc' | 'mfinalfunc' | 'sortop';
type Types = 'stype' | 'mstype' | 'basetype';

/** What CREATE AGGREGATE says. */
export interface AggregateOptions {
  readonly names: Readonly<Partial<Record<Names, QName>>>;
  readonly types: Readonly<Partial<Record<Types, DataTypeDef>>>;
  readonly initcond: string | undefined;
  readonly minitcond: string | undefined;
  readonly sspace: number;
  readonly msspace: number;
  readonly finalExtra: boolean;
  readonly movingFinalExtra: boolean;
  readonly finalModify: AggregateDefinition['finalModify'] | undefined;
  readonly movingFinalModify: AggregateDefinition['finalModify'] | undefined;
  readonly hypothetical: boolean;
  readonly parallel: 'safe' | 'restricted' | 'unsafe';
}

const NAMES: ReadonlySet<string> = new Set<Names>([
  'sfunc',
  'finalfunc',
  'combinefunc',
  'serialfunc',
  'deserialfunc',
  'msfunc',
  'minvfunc',
  'mfinalfunc',
  'sortop',
]);
const TYPES: ReadonlySet<string> = new Set<Types>(['stype', 'mstype', 'basetype']);
/** As PostgreSQL still takes them. */
const ALIASES: Readonly<Record<string, string>> = { sfunc1: 'sfunc', stype1: 'stype', initcond1: 'initcond' };

/** @throws SqlError 42601 */
export function aggregateOptions(elements: readonly DefElement[], cx: UtilityContext): AggregateOptions {
  const names: Partial<Record<Names, QName>> = {};
  const types: Partial<Record<Types, DataTypeDef>> = {};
  const others = new Map<string, DefElement>();
  for (const element of elements) {
    const name = ALIASES[element.name] ?? element.name;
    if (NAMES.has(name)) names[name as Names] = optionName(element.value);
    else if (TYPES.has(name)) types[name as Types] = typeOf(element);
    else if (OTHERS.has(name)) others.set(name, element);
    else warning(cx, `aggregate attribute "${element.name}" not recognized`, SqlState.syntaxError);
  }
  const flag = (name: string): boolean => {
    const element = others.get(name);
    return element !== undefined && optionFlag(element);
  };
  const text = (name: string): string | undefined => {
    const element = others.get(name);
    return element === undefined ? undefined : optionText(element);
  };
  return {
    names,
    types,
    initcond: text('initcond'),
    minitcond: text('minitcond'),
    sspace: Number(text('sspace') ?? 0),
    msspace: Number(text('msspace') ?? 0),
    finalExtra: flag('finalfunc_extra'),
    movingFinalExtra: flag('mfinalfunc_extra'),
    finalModify: modifyOf(others.get('finalfunc_modify')),
    movingFinalModify: modifyOf(others.get('mfinalfunc_modify')),
    hypothetical: flag('hypothetical'),
    parallel: parallelOf(text('parallel')),
  };
}

const OTHERS: ReadonlySet<string> = new Set([
  'initcond',
  'minitcond',
  'sspace',
  'msspace',
  'finalfunc_extra',
  'mfinalfunc_extra',
  'finalfunc_modify',
  'mfinalfunc_modify',
  'hypothetical',
  'parallel',
]);

function typeOf({ name, value }: DefElement): DataTypeDef {
  if (value?.type === 'type') return value.dataType;
  if (value?.type === 'string') return { name: value.value };
  throw new SqlError(SqlState.syntaxError, `argument of ${name} must be a type name`);
}

function modifyOf(element: DefElement | undefined): AggregateDefinition['finalModify'] | undefined {
  if (element === undefined) return undefined;
  switch (optionText(element)) {
    case 'read_only':
      return 'r';
    case 'shareable':
      return 's';
    case 'read_write':
      return 'w';
    default:
      throw new SqlError(SqlState.syntaxError, `parameter "${element.name}" must be READ_ONLY, SHAREABLE, or READ_WRITE`);
  }
}

function parallelOf(text: string | undefined): AggregateOptions['parallel'] {
  if (text === undefined) return 'unsafe';
  if (text === 'safe' || text === 'restricted' || text === 'unsafe') return text;
  throw new SqlError(SqlState.syntaxError, 'parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE');
}
