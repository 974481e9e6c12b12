export const SEVERITIES = ['error', 'warning', 'info'] as const;
export const VERDICTS = ['confirmed', 'likely', 'possible', 'unlikely'] as const;
export const WEIGHTS = ['decisive', 'strong', 'moderate', 'weak'] as const;
