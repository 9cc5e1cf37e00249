/** How the page looks. */
import { chooseTheme, THEMES, type Theme, useTheme } from './theme.ts';

const NAMES: Readonly<Record<Theme, string>> = { system: 'As the system', dark: 'Dark', light: 'Light' };

export function ThemeChoice() {
  const chosen = useTheme();
  return (
    <fieldset className="theme">
      <legend>Look</legend>
      {THEMES.map((theme) => (
        <label key={theme}>
          <input type="radio" name="theme" checked={theme === chosen} onChange={() => chooseTheme(theme)} />
          <span>{NAMES[theme]}</span>
        </label>
      ))}
    </fieldset>
  );
}
