import type { LogicRunner } from './runner.js';
import { parseScript } from './script.js';

/** The script with the answers of the runner's server below each `----`. */
export async function complete(text: string, runner: LogicRunner): Promise<string> {
  const blocks = text.trimEnd().split(/\n\s*\n/);
  const done: string[] = [];
  for (const block of blocks) {
    const [record] = parseScript(block);
    if (record?.kind !== 'query') {
      if (record !== undefined) await runner.run(record);
      done.push(block);
      continue;
    }
    const [head = ''] = block.split('\n----');
    done.push([head, '----', ...(await runner.lines(record))].join('\n'));
  }
  return `${done.join('\n\n')}\n`;
}
