import type { RuleDescriptor } from '../../../catalog/descriptors.js';
import { assert } from '../../../commons/assert.js';
import type { Statement } from '../../parse/ast.js';
import type { Parser } from '../../parse/parse.js';

const known = new WeakMap<RuleDescriptor, readonly Statement[]>();

/** The commands of a rule; none: NOTHING. */
export function ruleActions(parser: Parser, rule: RuleDescriptor): readonly Statement[] {
  let actions = known.get(rule);
  if (actions === undefined) {
    actions = rule.actions.map((text) => {
      const [parsed] = parser.parse(text);
      assert(parsed !== undefined, `a rule's action is a statement: ${text}`);
      return parsed.statement;
    });
    known.set(rule, actions);
  }
  return actions;
}
