/**
What a piece of text means; `theme.ts` says how that looks. Colour alone never carries meaning.
*/
export type Tone = 'plain' | 'dim' | 'strong' | 'accent' | 'good' | 'warn' | 'bad' | 'selected' | 'caret';

export type Span = {
	text: string;
	tone: Tone;
	href?: string;
};

export type Line = readonly Span[];

export const span = (text: string, tone: Tone = 'plain'): Span => ({text, tone});

export const line = (text: string, tone: Tone = 'plain'): Line => [{text, tone}];

export const blank: Line = [];

export const lineText = (spans: Line): string => spans.map(({text}) => text).join('');
