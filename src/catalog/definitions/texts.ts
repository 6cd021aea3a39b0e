import type { ViewDescriptor } from '../descriptors.js';
import { isFunctionCall, parenthesized, withoutOuterParentheses } from './expression-text.js';
import type { StoredQuery } from './view-definition.js';

/** What kept expressions are over. */
export interface ExpressionSource {
  readonly name: string;
  readonly columns: ViewDescriptor['columns'];
}

export interface TextForm {
  /** As pg_get_*def(…, true) writes it: fewer parentheses, lines of their own. */
  readonly pretty?: boolean;
  /** Where lists are broken into lines; 0: after each entry. */
  readonly wrapColumn?: number;
}

/** Kept queries and expressions as a session is shown them: the planner reads them and prints what they mean, with the names of now. */
export interface DefinitionTexts {
  /** What the texts depend on: as long as it is the same, so are they. Absent: nobody knows. */
  readonly key?: string;
  view(view: StoredQuery, form: TextForm): string;
  /** @param over the relation whose columns it names */
  expression(text: string, over: ExpressionSource | undefined, form: TextForm): string;
  /** WHEN of a trigger, over the old row and the new one. */
  triggerCondition(text: string, over: ExpressionSource, form: TextForm): string;
}

/** An operator's text in its own parentheses, unless few are wanted. */
export function expressionText(
  text: string,
  over: ExpressionSource | undefined,
  options: TextForm & { readonly texts?: DefinitionTexts | undefined },
): string {
  if (options.texts !== undefined) return options.texts.expression(text, over, options);
  return options.pretty === true ? withoutOuterParentheses(text) : parenthesized(text);
}

/** As an index's key: in parentheses unless it is a call. */
export function keyText(text: string): string {
  return isFunctionCall(text) ? text : `(${text})`;
}
