// Writes src/types/text-search/stop-words.ts: the stop words of Snowball's languages, as lists that PostgreSQL 15 brings.
//   node scripts/generate-stop-words.mjs /usr/share/postgresql/15/tsearch_data
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const lists = readdirSync(folder)
  .filter((name) => name.endsWith('.stop'))
  .map((name) => [
    name.slice(0, -'.stop'.length),
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((word) => word !== ''),
  ]);

const WIDTH = 120;
function literal(words) {
  const lines = [''];
  for (const word of words) {
    if (lines.at(-1).length + word.length > WIDTH) lines.push('');
    lines[lines.length - 1] += `${word} `;
  }
  lines[lines.length - 1] = lines.at(-1).trimEnd();
  return lines.map((line) => `    ${JSON.stringify(line)}`).join(' +\n');
}

writeFileSync(
  new URL('../src/types/text-search/stop-words.ts', import.meta.url),
  `/** Words that say nothing of a document, by language (made by scripts/generate-stop-words.mjs). */
export const STOP_WORDS: Readonly<Record<string, string>> = {
${lists.map(([language, words]) => `  ${language}:\n${literal(words)},`).join('\n')}
};
`,
);
