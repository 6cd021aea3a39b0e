import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { parseTemplate, type TemplateNode, templateSyntax } from './template.js';

const CASELESS = 'B C D EEEE FM G L MI PL PR RN SG SP S TH V';
const NUMBER_SYNTAX = templateSyntax([',', '.', '0', '9', ...CASELESS.split(' '), ...CASELESS.toLowerCase().split(' ')], false);

/** What a number template says as a whole (PostgreSQL's NUMDesc). */
export interface NumberTemplate {
  readonly nodes: readonly TemplateNode[];
  /** Digits before and after the point. */
  readonly pre: number;
  readonly post: number;
  /** S: before the number, behind it, or none. */
  readonly sign: 'none' | 'before' | 'behind';
  /** Digits in front of the S. */
  readonly preSign: number;
  /** Digits behind V: the value is multiplied by a power of ten. */
  readonly multiplier: number;
  /** Place (from 1) of the first 0; 0 without one. */
  readonly zeroStart: number;
  readonly zeroEnd: number;
  readonly decimal: boolean;
  readonly fill: boolean;
  readonly zero: boolean;
  readonly bracket: boolean;
  readonly minus: boolean;
  readonly plus: boolean;
  readonly roman: boolean;
  readonly scientific: boolean;
  readonly hasMultiplier: boolean;
}

type Draft = { -readonly [K in keyof NumberTemplate]: NumberTemplate[K] } & { blank: boolean };

function wrong(message: string, fields: { readonly detail?: string } = {}): SqlError {
  return new SqlError(SqlState.syntaxError, message, fields);
}

/** @throws SqlError 42601 */
export function parseNumberTemplate(template: string): NumberTemplate {
  const nodes = parseTemplate(template, NUMBER_SYNTAX);
  const draft: Draft = {
    nodes,
    pre: 0,
    post: 0,
    sign: 'none',
    preSign: 0,
    multiplier: 0,
    zeroStart: 0,
    zeroEnd: 0,
    decimal: false,
    fill: false,
    zero: false,
    bracket: false,
    minus: false,
    plus: false,
    roman: false,
    scientific: false,
    hasMultiplier: false,
    blank: false,
  };
  for (const node of nodes) if (node.kind === 'field') addField(draft, node.field.toUpperCase());
  return draft;
}

function addField(draft: Draft, field: string): void {
  if (draft.scientific && field !== 'EEEE') throw wrong('"EEEE" must be the last pattern used');
  switch (field) {
    case '9':
      if (draft.bracket) throw wrong('"9" must be ahead of "PR"');
      if (draft.hasMultiplier) draft.multiplier++;
      else if (draft.decimal) draft.post++;
      else draft.pre++;
      return;
    case '0':
      if (draft.bracket) throw wrong('"0" must be ahead of "PR"');
      if (!draft.zero && !draft.decimal) {
        draft.zero = true;
        draft.zeroStart = draft.pre + 1;
      }
      if (draft.decimal) draft.post++;
      else draft.pre++;
      draft.zeroEnd = draft.pre + draft.post;
      return;
    case 'B':
      if (draft.pre === 0 && draft.post === 0 && !draft.zero) draft.blank = true;
      return;
    case 'D':
    case '.':
      if (draft.decimal) throw wrong('multiple decimal points');
      if (draft.hasMultiplier) throw wrong('cannot use "V" and decimal point together');
      draft.decimal = true;
      return;
    case 'FM':
      draft.fill = true;
      return;
    case 'V':
      if (draft.decimal) throw wrong('cannot use "V" and decimal point together');
      draft.hasMultiplier = true;
      return;
    case 'RN':
      draft.roman = true;
      return;
    case 'EEEE':
      addExponent(draft);
      return;
    default:
      addSign(draft, field);
  }
}

function addSign(draft: Draft, field: string): void {
  switch (field) {
    case 'S':
      if (draft.sign !== 'none') throw wrong('cannot use "S" twice');
      if (draft.plus || draft.minus || draft.bracket) throw wrong('cannot use "S" and "PL"/"MI"/"SG"/"PR" together');
      draft.sign = draft.decimal ? 'behind' : 'before';
      if (!draft.decimal) draft.preSign = draft.pre;
      return;
    case 'MI':
    case 'PL':
    case 'SG':
      if (draft.sign !== 'none') throw wrong(`cannot use "S" and "${field}" together`);
      if (field !== 'PL') draft.minus = true;
      if (field !== 'MI') draft.plus = true;
      return;
    case 'PR':
      if (draft.sign !== 'none' || draft.plus || draft.minus) throw wrong('cannot use "PR" and "S"/"PL"/"MI"/"SG" together');
      draft.bracket = true;
      return;
  }
}

function addExponent(draft: Draft): void {
  if (draft.scientific) throw wrong('cannot use "EEEE" twice');
  const hasOthers =
    draft.blank || draft.fill || draft.sign !== 'none' || draft.bracket || draft.minus || draft.plus || draft.roman || draft.hasMultiplier;
  if (hasOthers) {
    throw wrong('"EEEE" is incompatible with other formats', {
      detail: '"EEEE" may only be used together with digit and decimal point patterns.',
    });
  }
  draft.scientific = true;
}
