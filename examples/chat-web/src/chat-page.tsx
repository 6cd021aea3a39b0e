import { type FormEvent, useCallback, useState } from 'react';
import { join, rooms } from './chat.ts';
import type { Database } from './database.ts';
import { RoomView } from './room-view.tsx';
import { useLive } from './use-live.ts';

export function ChatPage({ database, onLeave }: { database: Database; onLeave: () => void }) {
  const { rows, error } = useLive(useCallback(() => rooms(database), [database]));
  const [open, setOpen] = useState<number>();
  const room = rows?.find(({ id }) => id === open);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const name = String(new FormData(form).get('room')).trim();
    if (name === '') return;
    form.reset();
    setOpen(await join(database, name));
  }

  return (
    <main className="chat">
      <nav>
        <header>
          <b>{database.user}</b>
          <button type="button" className="quiet" onClick={onLeave}>
            Leave
          </button>
        </header>
        <ul>
          {rows?.map(({ id, name, unread }) => (
            <li key={id}>
              <button type="button" className={id === open ? 'room open' : 'room'} onClick={() => setOpen(id)}>
                <span># {name}</span>
                {unread > 0 && <span className="unread">{unread}</span>}
              </button>
            </li>
          ))}
        </ul>
        {rows?.length === 0 && <p className="hint">Join a room, or make one:</p>}
        {error && <p className="error">{error.message}</p>}
        <form onSubmit={submit}>
          <input name="room" placeholder="Join a room …" maxLength={40} autoComplete="off" />
        </form>
      </nav>
      {room === undefined ? (
        <section className="empty">No room is open.</section>
      ) : (
        <RoomView key={room.id} database={database} room={room} />
      )}
    </main>
  );
}
