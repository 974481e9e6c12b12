import { Box, Text, type TextProps } from 'ink';
import type { ReactElement } from 'react';
import type { Line, Span } from '../../report/lines';
import type { Role } from '../../report/theme';

type Look = Pick<TextProps, 'color' | 'bold' | 'dimColor' | 'underline'>;

const LOOKS: { readonly [role in Role]: Look } = {
  plain: {},
  error: { color: 'red' },
  warning: { color: 'yellow' },
  info: { color: 'cyan' },
  good: { color: 'green' },
  accent: { color: 'cyan' },
  strong: { bold: true },
  dim: { dimColor: true },
  path: { underline: true },
};

function Piece({ piece, color }: { readonly piece: Span; readonly color: boolean }): ReactElement {
  return color ? <Text {...LOOKS[piece.role]}>{piece.text}</Text> : <Text>{piece.text}</Text>;
}

/** Lines that were laid out for the terminal's width, drawn one below the other. */
export function Picture({ lines, color }: { readonly lines: readonly Line[]; readonly color: boolean }): ReactElement {
  return (
    <Box flexDirection="column">
      {lines.map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the terminal is its place
        <Text key={row} wrap="truncate">
          {line.length === 0
            ? ' '
            : line.map((piece, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a piece of a row is its place
                <Piece key={at} piece={piece} color={color} />
              ))}
        </Text>
      ))}
    </Box>
  );
}
