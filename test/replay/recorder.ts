import { proxySinks, type Sinks, type WorkflowInterceptorsFactory, workflowInfo } from '@temporalio/workflow';

interface RecorderSinks extends Sinks {
  recorder: { asked(what: string, input: unknown): void };
}

const { recorder } = proxySinks<RecorderSinks>();

/** Tells what a workflow asks for. It adds no wait of its own before a command, so that histories still fit. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleLocalActivity(input, next) {
        recorder.asked(input.activityType, input.args[0]);
        return next(input);
      },
      scheduleActivity(input, next) {
        recorder.asked(input.activityType, input.args[0]);
        return next(input);
      },
    },
  ],
  inbound: [
    {
      async execute(input, next) {
        const result = await next(input);
        recorder.asked('ends', { result, searchAttributes: { ...workflowInfo().searchAttributes } });
        return result;
      },
    },
  ],
});
