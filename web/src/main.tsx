/** The page: one root, one client. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './styles/base.css';

const root = document.getElementById('root');
if (root === null) throw new Error('there is no place for the page');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
