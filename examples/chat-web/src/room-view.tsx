import { type FormEvent, useCallback, useEffect, useRef } from 'react';
import { markSeen, messages, type Room, say } from './chat.ts';
import type { Database } from './database.ts';
import { useLive } from './use-live.ts';

export function RoomView({ database, room }: { database: Database; room: Room }) {
  const { rows, error } = useLive(useCallback(() => messages(database, room.id), [database, room.id]));
  const list = useRef<HTMLOListElement>(null);
  const last = rows?.at(-1)?.id;

  useEffect(() => {
    list.current?.scrollTo(0, list.current.scrollHeight);
    if (last !== undefined) markSeen(database, room.id, last).catch(() => undefined);
  }, [database, room.id, last]);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const body = String(new FormData(form).get('body')).trim();
    if (body === '') return;
    form.reset();
    await say(database, room.id, body);
  }

  return (
    <section>
      <header>
        <b># {room.name}</b>
      </header>
      <ol ref={list}>
        {rows?.map(({ id, author, body, sent }) => (
          <li key={id} className={author === database.user ? 'own' : ''}>
            <span className="author">
              {author} <time>{new Date(sent).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>
            </span>
            <p>{body}</p>
          </li>
        ))}
      </ol>
      {error && <p className="error">{error.message}</p>}
      <form onSubmit={submit}>
        <input name="body" placeholder={`Say something in # ${room.name}`} autoComplete="off" />
        <button type="submit">Send</button>
      </form>
    </section>
  );
}
