import type { Conversation } from './conversations.js';
import { RawClient, type RawMessage } from './raw-client.js';

/** How long nothing comes before an answer is taken to be whole, where nobody knows how long it is. */
const QUIET_MS = 150;
/** How long the rest of an answer may take. */
const PATIENCE_MS = 3000;

/**
 * The server's messages as lines that are the same for every server: without source places, OIDs of tables and process numbers. An empty line ends
 * the answer to what was sent at once.
 * @param expected what another server has answered: so many messages are waited for
 */
export async function transcribe(port: number, conversation: Conversation, expected?: readonly string[]): Promise<readonly string[]> {
  const client = await RawClient.open(port);
  const lines: string[] = [];
  for (const send of conversation.sends) {
    const wanted = expected === undefined ? undefined : expected.slice(lines.length).indexOf('');
    client.send(send);
    for (const message of await answer(client, wanted)) lines.push(line(message));
    lines.push('');
  }
  await client.end();
  return lines;
}

async function answer(client: RawClient, wanted: number | undefined): Promise<readonly RawMessage[]> {
  let last = performance.now();
  let seen = client.messages.length;
  const patience = wanted === undefined ? QUIET_MS : PATIENCE_MS;
  while (!client.closed && performance.now() - last < patience && client.messages.length !== wanted) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (client.messages.length !== seen) last = performance.now();
    seen = client.messages.length;
  }
  // What is too much would come now.
  if (wanted !== undefined) await new Promise((resolve) => setTimeout(resolve, 2));
  return client.messages.splice(0);
}

function line({ type, body }: RawMessage): string {
  if (type === 'T') return `T ${describeFields(body)}`;
  if (type === 'A') return `A ${JSON.stringify(body.subarray(4).toString('utf8'))}`;
  if (type === 'E' || type === 'N') {
    const fields = body
      .toString('utf8')
      .replace(/pg_temp_\d+/g, 'pg_temp_N')
      .split('\0');
    return `${type} ${JSON.stringify(fields.filter((field) => field !== '' && !'FLR'.includes(field.charAt(0))))}`;
  }
  return `${type} ${JSON.stringify(body.toString('latin1'))}`;
}

function describeFields(body: Buffer): string {
  const fields: string[] = [];
  let at = 2;
  for (let i = body.readInt16BE(0); i > 0; i--) {
    const end = body.indexOf(0, at);
    const name = body.toString('utf8', at, end);
    const [table, column] = [body.readUInt32BE(end + 1), body.readInt16BE(end + 5)];
    const [type, length] = [body.readUInt32BE(end + 7), body.readInt16BE(end + 11)];
    const [typmod, format] = [body.readInt32BE(end + 13), body.readInt16BE(end + 17)];
    fields.push(`${name} ${table === 0 ? '-' : 'table'}.${column} ${type}/${length}/${typmod} ${format === 1 ? 'binary' : 'text'}`);
    at = end + 19;
  }
  return JSON.stringify(fields);
}
