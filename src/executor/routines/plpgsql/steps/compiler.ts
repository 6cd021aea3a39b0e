import type { PlStatement } from '../../../../planner/parse/plpgsql/ast.js';
import type { Body } from '../body.js';
import type { ResultForm } from '../result-form.js';
import type { Step } from '../step.js';

/** What compiles statements needs of the whole. */
export interface StepCompiler {
  readonly body: Body;
  readonly result: ResultForm;
  steps(statements: readonly PlStatement[]): readonly Step[];
}
