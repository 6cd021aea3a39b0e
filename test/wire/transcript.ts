import type { Conversation } from './conversations.js';
import { RawClient, type RawMessage } from './raw-client.js';

/** The server's messages as lines that are the same for every server: without source places, OIDs of tables and process numbers. */
export async function transcribe(port: number, conversation: Conversation): Promise<readonly string[]> {
  const client = await RawClient.open(port);
  const lines: string[] = [];
  for (const send of conversation.sends) {
    const readies = countReadies(send);
    client.send(send);
    for (const message of await client.until('Z', readies)) lines.push(line(message));
    lines.push('');
  }
  await client.end();
  return lines;
}

/** One for each Query and Sync that is answered. */
function countReadies(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes);
  let readies = 0;
  let skipping = false;
  let copying = false;
  for (let at = 0; at < buffer.length; at += buffer.readInt32BE(at + 1) + 1) {
    const type = String.fromCharCode(buffer[at] ?? 0);
    if (type === 'S') {
      // A Sync that comes during COPY is left out by the server.
      if (!copying) readies++;
      copying = false;
      skipping = false;
    } else if (type === 'Q' && !skipping) readies++;
    if (type === 'B') skipping = true;
    if (type === 'E' && buffer.includes('COPY cp FROM')) copying = true;
  }
  return readies;
}

function line({ type, body }: RawMessage): string {
  if (type === 'T') return `T ${describeFields(body)}`;
  if (type === 'A') return `A ${JSON.stringify(body.subarray(4).toString('utf8'))}`;
  if (type === 'E' || type === 'N') {
    const fields = body.toString('utf8').split('\0');
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
