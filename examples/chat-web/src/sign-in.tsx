import { type FormEvent, useState } from 'react';
import { Database } from './database.ts';

export function SignIn({ onSignedIn }: { onSignedIn: (database: Database) => void }) {
  const [error, setError] = useState('');
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    const [name, password] = [String(form.get('name')), String(form.get('password'))];
    setIsBusy(true);
    try {
      onSignedIn(await (form.get('action') === 'up' ? Database.signUp(name, password) : Database.signIn(name, password)));
    } catch (reason) {
      setError(reason instanceof Error && reason.message !== '' ? reason.message : 'The database can not be reached.');
      setIsBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={submit}>
        <h1>Chat</h1>
        <p>Everybody is a role of the database, and sees their own rows only.</p>
        <label>
          Name <input name="name" required autoComplete="username" />
        </label>
        <label>
          Password <input name="password" type="password" required autoComplete="current-password" />
        </label>
        {error !== '' && <p className="error">{error}</p>}
        <div className="buttons">
          <button type="submit" name="action" value="in" disabled={isBusy}>
            Sign in
          </button>
          <button type="submit" name="action" value="up" className="quiet" disabled={isBusy}>
            I am new here
          </button>
        </div>
      </form>
    </main>
  );
}
