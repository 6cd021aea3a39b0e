/**
 * Life of a template: to_char, to_date and the like read it (PostgreSQL manual, "Data Type Formatting Functions") into nodes once per call
 * site, see PatternCache; datetime-output and datetime-input, number-output and number-input walk the nodes.
 */

export interface FieldNode {
  readonly kind: 'field';
  /** As in the table: 'HH24', 'Month', 'mon' … */
  readonly field: string;
  /** FM: no padding. */
  readonly fill: boolean;
  /** 'TH' or 'th' behind it. */
  readonly ordinal: '' | 'TH' | 'th';
}
export type TemplateNode =
  | FieldNode
  /** Any text in between: one character (code point) a node, as reading counts them. */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean };

export interface TemplateSyntax {
  readonly fields: ReadonlySet<string>;
  readonly longestField: number;
  /** Dates have prefixes FM, TM and suffixes TH, SP; numbers have those as fields. */
  readonly hasModifiers: boolean;
}

export function templateSyntax(fields: readonly string[], hasModifiers: boolean): TemplateSyntax {
  return { fields: new Set(fields), longestField: Math.max(...fields.map((field) => field.length)), hasModifiers };
}

const PREFIXES = /^(FM|fm|TM|tm)/;
const SUFFIXES = /^(TH|th|SP|sp)/;

/** The longest field that stands at `at`; '' for none. */
function fieldAt(template: string, at: number, syntax: TemplateSyntax): string {
  for (let length = Math.min(syntax.longestField, template.length - at); length > 0; length--) {
    const candidate = template.slice(at, at + length);
    if (syntax.fields.has(candidate)) return candidate;
  }
  return '';
}

export function parseTemplate(template: string, syntax: TemplateSyntax): readonly TemplateNode[] {
  const nodes: TemplateNode[] = [];
  let at = 0;
  const text = (quoted: boolean): void => {
    const character = String.fromCodePoint(template.codePointAt(at) ?? 0);
    nodes.push({ kind: 'text', text: character, quoted });
    at += character.length;
  };
  while (at < template.length) {
    let fill = false;
    if (syntax.hasModifiers) {
      const prefix = PREFIXES.exec(template.slice(at, at + 2))?.[1];
      if (prefix !== undefined) {
        // TM asks for the locale's names; those of the C locale are printed without padding.
        fill = true;
        at += 2;
      }
    }
    const field = fieldAt(template, at, syntax);
    if (field !== '') {
      at += field.length;
      const suffix = syntax.hasModifiers ? SUFFIXES.exec(template.slice(at, at + 2))?.[1] : undefined;
      if (suffix !== undefined) at += 2;
      nodes.push({ kind: 'field', field, fill, ordinal: suffix === 'TH' || suffix === 'th' ? suffix : '' });
    } else if (template[at] === '"') {
      at++;
      while (at < template.length && template[at] !== '"') {
        if (template[at] === '\\' && at + 1 < template.length) at++;
        text(true);
      }
      at++;
    } else if (at < template.length) {
      // Outside quotes a backslash is special only before a quote.
      if (template[at] === '\\' && template[at + 1] === '"') at++;
      text(false);
    }
  }
  return nodes;
}

/** 1st, 2nd, 3rd, 4th; the teens all end in th. */
export function ordinalOf(digits: string, upper: boolean): string {
  const last = digits.at(-2) === '1' ? '' : digits.at(-1);
  const ending = last === '1' ? 'st' : last === '2' ? 'nd' : last === '3' ? 'rd' : 'th';
  return upper ? ending.toUpperCase() : ending;
}

/** XII … I: by 12 minus the month. */
export const ROMAN_MONTHS = ['XII', 'XI', 'X', 'IX', 'VIII', 'VII', 'VI', 'V', 'IV', 'III', 'II', 'I'] as const;
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
