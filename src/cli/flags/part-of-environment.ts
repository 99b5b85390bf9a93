// Which part a launcher means this process to take.

/**
 * The number of the part, from 0: of isochron's own variable, Kubernetes' Indexed Job, a Slurm array, srun, or MPI; undefined where
 * nobody says. In a Slurm array SLURM_PROCID is 0 for all, so the array's number comes first.
 */
export function partOfEnvironment(environment: NodeJS.ProcessEnv = process.env): number | undefined {
  const number = (name: string) => {
    const value = environment[name]
    return value !== undefined && /^\d{1,4}$/.test(value) ? Number(value) : undefined
  }
  const own = number('ISOCHRON_PART')
  if (own !== undefined && own > 0) return own - 1
  const index = number('JOB_COMPLETION_INDEX')
  if (index !== undefined) return index
  const task = number('SLURM_ARRAY_TASK_ID')
  if (task !== undefined) return task - (number('SLURM_ARRAY_TASK_MIN') ?? 0)
  if ((number('SLURM_NTASKS') ?? 1) > 1) return number('SLURM_PROCID')
  return number('OMPI_COMM_WORLD_RANK') ?? number('PMIX_RANK')
}
