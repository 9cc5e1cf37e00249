/** The colours a figure is drawn with. */
export interface MotifInk {
  readonly main: string;
  readonly shade: string;
  readonly light: string;
  readonly ink: string;
  readonly accent: string;
  readonly striped: boolean;
  readonly scarf: string | null;
}
