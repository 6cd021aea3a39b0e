import type { BoundExpr } from '../../planner/bind/expression.js';
import type { PruneNode } from '../../planner/optimize/physical.js';
import { matchingPartitions, type PruneStep } from '../../planner/partitions/prune.js';
import type { SqlValue } from '../../types/value.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';

/** Numbers of the inputs that an execution needs, in order: its parameters, and the outer row's values, exclude the others. */
export type Pruning = (frame: Frame) => readonly number[];

export function compilePruning(root: PruneNode, scope: Scope, compiler: QueryCompiler): Pruning {
  const values = new Map<BoundExpr, Evaluator>();
  const layout = new Layout([], scope, compiler);
  const note = (step: PruneStep): void => {
    switch (step.kind) {
      case 'compare':
        values.set(step.value, layout.evaluator(step.value));
        break;
      case 'any':
      case 'all':
        values.set(step.array, layout.evaluator(step.array));
        break;
      case 'null':
        break;
      default:
        step.steps.forEach(note);
    }
  };
  const noteAll = (node: PruneNode): void => {
    if (node.step !== undefined) note(node.step);
    for (const child of node.children) if (typeof child === 'object') noteAll(child);
  };
  noteAll(root);
  return (frame) => {
    const known = (expr: BoundExpr): SqlValue | undefined => values.get(expr)?.([], frame);
    const numbers: number[] = [];
    const take = (node: PruneNode): void => {
      const matching = node.step === undefined ? undefined : matchingPartitions(node.map, node.step, known);
      const count = matching === undefined ? node.children.length : matching.length;
      for (let i = 0; i < count; i++) {
        const child = node.children[matching === undefined ? i : (matching[i] ?? -1)];
        if (typeof child === 'number') numbers.push(child);
        else if (child !== undefined) take(child);
      }
    };
    take(root);
    return numbers;
  };
}
