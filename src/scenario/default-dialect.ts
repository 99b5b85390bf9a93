/** The dialect where neither a scenario nor a flag names one. */
export const defaultDialect = 'cup-pos'
