import type { DefinitionTexts, ExpressionSource, StoredQuery, TextForm } from '../catalog/definitions/index.js';
import { shownExpression, shownTriggerCondition, viewText } from '../planner/print/definitions.js';
import type { SessionCore } from './session-core.js';

/** Reads the same whatever the search path: numbers, booleans, literals of built-in types, calls without arguments. */
const PLAIN = /^(?:-?\d+(?:\.\d+)?|true|false|'[^']*'::[a-z ]+|NULL::[a-z ]+|[a-z_]+\(\)|CURRENT_[A-Z]+)$/;
const MAX_KEPT = 4096;

/** Definitions of the catalog as the session's search path and names show them. */
export class TextsOfSession implements DefinitionTexts {
  readonly #core: SessionCore;
  readonly #shown = new Map<string, string>();
  #key = '';

  constructor(core: SessionCore) {
    this.#core = core;
  }

  get key(): string {
    return this.#core.environment().key;
  }

  view(view: StoredQuery, form: TextForm): string {
    try {
      return viewText(view, this.#core.plannerContext([], true), form);
    } catch {
      // What it reads is gone or has changed its form: the text as it is kept.
      return ` ${view.queryText};`;
    }
  }

  expression(text: string, over: ExpressionSource | undefined, form: TextForm): string {
    if (PLAIN.test(text)) return text;
    const { key } = this.#core.environment();
    if (key !== this.#key || this.#shown.size >= MAX_KEPT) this.#shown.clear();
    this.#key = key;
    const name = `${over?.name ?? ''} ${form.pretty === true} ${text}`;
    let shown = this.#shown.get(name);
    if (shown === undefined) {
      shown = this.#show(text, over, form);
      this.#shown.set(name, shown);
    }
    return shown;
  }

  triggerCondition(text: string, over: ExpressionSource, form: TextForm): string {
    try {
      return shownTriggerCondition(text, this.#core.plannerContext([], true), over, form);
    } catch {
      return text;
    }
  }

  #show(text: string, over: ExpressionSource | undefined, form: TextForm): string {
    try {
      return shownExpression(text, this.#core.plannerContext([], true), over, form);
    } catch {
      return text;
    }
  }
}
