import { useState } from 'react';
import { ChatPage } from './chat-page.tsx';
import type { Database } from './database.ts';
import { SignIn } from './sign-in.tsx';

export function App() {
  const [database, setDatabase] = useState<Database>();
  return database === undefined ? (
    <SignIn onSignedIn={setDatabase} />
  ) : (
    <ChatPage database={database} onLeave={() => setDatabase(undefined)} />
  );
}
