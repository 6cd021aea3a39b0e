import { shrinkList } from '../fuzz/shrink.js';
import { variants } from '../fuzz/sql-tree.js';
import type { Difference } from './oracle.js';
import type { LiveCase, Scenario, Step, Transaction } from './scenario.js';

const PATIENCE_MS = 90_000;

/** Leaves out of a scenario what its difference does not need, as long as there is time. */
export async function shrinkScenario(
  whole: Scenario,
  found: Difference,
  run: (scenario: Scenario) => Promise<Difference | undefined>,
): Promise<{ readonly scenario: Scenario; readonly difference: Difference }> {
  const deadline = Date.now() + PATIENCE_MS;
  let scenario = whole;
  let difference = found;
  const fails = async (smaller: Scenario): Promise<boolean> => {
    if (Date.now() > deadline) return false;
    const again = await run(smaller);
    if (again === undefined || (again.live === undefined) !== (found.live === undefined)) return false;
    scenario = smaller;
    difference = again;
    return true;
  };
  await fails({ ...scenario, steps: scenario.steps.slice(0, found.step + 1) });
  const live = found.live === undefined ? undefined : scenario.live[found.live];
  if (live !== undefined && found.live !== undefined) await fails(alone(scenario, live, found.live));
  await shrinkList(scenario.steps, (steps) => fails({ ...scenario, steps }), 60);
  for (const i of scenario.steps.keys()) {
    for (const step of smallerSteps(scenario.steps[i])) await fails({ ...scenario, steps: scenario.steps.with(i, step) });
  }
  for (const i of scenario.rows.keys()) {
    const rows = scenario.rows[i];
    if (rows === undefined) continue;
    await shrinkList(rows.statements, (statements) => fails({ ...scenario, rows: scenario.rows.with(i, { ...rows, statements }) }), 40);
  }
  await shrinkQuery(() => scenario, fails);
  await shrinkList(scenario.setup, (setup) => fails({ ...scenario, setup }), 40);
  return { scenario, difference };
}

function alone(scenario: Scenario, live: LiveCase, index: number): Scenario {
  const steps = scenario.steps.map((step) =>
    step.kind === 'reconnect' ? { ...step, listeners: step.listeners.includes(index) ? [0] : [] } : step,
  );
  // The view of a query is numbered like it.
  return { ...scenario, live: [live], steps };
}

/** One statement less, and one transaction less. */
function* smallerSteps(step: Step | undefined): Generator<Step> {
  if (step === undefined) return;
  switch (step.kind) {
    case 'transaction':
      for (const transaction of smallerTransactions(step.transaction)) yield { ...step, transaction };
      return;
    case 'interleaved':
      for (const transactions of smallerLists(step.transactions)) yield { ...step, transactions };
      return;
    case 'reconnect':
      if (step.definition !== undefined) {
        const { definition: _, ...rest } = step;
        yield rest;
      }
      for (const missed of smallerLists(step.missed)) yield { ...step, missed };
      for (const meanwhile of smallerLists(step.meanwhile)) yield { ...step, meanwhile };
      return;
    case 'restart':
      for (const missed of smallerLists(step.missed)) yield { ...step, missed };
      return;
    case 'definition':
      return;
  }
}

function* smallerLists(transactions: readonly Transaction[]): Generator<readonly Transaction[]> {
  for (const i of transactions.keys()) yield transactions.toSpliced(i, 1);
  for (const [i, transaction] of transactions.entries()) {
    for (const smaller of smallerTransactions(transaction)) yield transactions.with(i, smaller);
  }
}

function* smallerTransactions(transaction: Transaction): Generator<Transaction> {
  const { statements } = transaction;
  for (const i of statements.keys()) yield { ...transaction, statements: statements.toSpliced(i, 1) };
}

async function shrinkQuery(now: () => Scenario, fails: (scenario: Scenario) => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; ) {
    const [live, ...others] = now().live;
    if (live === undefined || others.length > 0) return;
    let progress = false;
    for (const query of variants(live.query)) {
      if (++tries > 200) return;
      if (!(await fails({ ...now(), live: [{ ...live, query }] }))) continue;
      progress = true;
      break;
    }
    if (!progress) return;
  }
}
