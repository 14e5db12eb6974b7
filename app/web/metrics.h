#ifndef WEB_METRICS_H
#define WEB_METRICS_H

struct db_pool;

/* Counts of this worker, for /metrics (Prometheus text format 0.0.4). */
void metrics_watch(const struct db_pool *reads, const struct db_pool *writes);
void metrics_answered(int status);

#endif
