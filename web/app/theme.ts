import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Slate instead of neutral grey: calm beside moving pictures. 0 is text, 7 the page, 6 cards, 4 borders. */
const dark: MantineColorsTuple = [
  "#dbe4e8",
  "#b9c6cc",
  "#93a4ac",
  "#6d7f88",
  "#354650",
  "#26353d",
  "#1b272e",
  "#121b20",
  "#0d1418",
  "#080d10",
];

/** What a finger needs. */
const TOUCH_PX = 44;
const touchInput = { styles: { input: { minHeight: TOUCH_PX } } };
const touchSelect = { styles: { input: { minHeight: TOUCH_PX }, option: { minHeight: TOUCH_PX } } };

export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 8 },
  autoContrast: true,
  colors: { dark },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  headings: { fontWeight: "650" },
  // by name: importing the components here would put all of them into the first screen's chunk
  components: {
    ActionIcon: { defaultProps: { size: TOUCH_PX, variant: "subtle" } },
    // a title in yellow on pale yellow has a contrast of 2.7
    Alert: { styles: { title: { color: "var(--mantine-color-text)" } } },
    Badge: { styles: { root: { textTransform: "none" } } },
    Button: { defaultProps: { mih: TOUCH_PX } },
    FileInput: touchInput,
    Modal: { styles: { close: { width: TOUCH_PX, height: TOUCH_PX, "--cb-icon-size": "20px" } } },
    MultiSelect: touchSelect,
    NumberInput: touchInput,
    PasswordInput: touchInput,
    SegmentedControl: { styles: { label: { minHeight: 36, lineHeight: "26px" } } },
    Select: touchSelect,
    TextInput: touchInput,
  },
});

/** What is wrong with a field is small print: the library's own reds have a contrast of 3.3 and 3.9 to the page. */
export const readableErrors: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-error": "var(--mantine-color-red-9)" },
  dark: { "--mantine-color-error": "var(--mantine-color-red-4)" },
});
