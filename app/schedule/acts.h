#ifndef SCHEDULE_ACTS_H
#define SCHEDULE_ACTS_H

#include "web/visit.h"

/* What everybody sees. */
extern const struct act schedule_index, schedule_event, schedule_session,
    schedule_speaker;

/* Events, by who organizes them or works at them. */
extern const struct act schedule_mine, schedule_organize, schedule_event_new,
    schedule_event_make, schedule_event_edit, schedule_event_save,
    schedule_event_publish, schedule_event_cancel, schedule_event_delete;

/* Their sessions. */
extern const struct act schedule_session_new, schedule_session_make,
    schedule_session_edit, schedule_session_save, schedule_session_moving,
    schedule_session_move, schedule_session_cancel,
    schedule_session_restore, schedule_session_delete,
    schedule_speaking_add, schedule_speaking_remove;

/* Their rooms, tracks and speakers. */
extern const struct act schedule_rooms, schedule_room_make,
    schedule_room_edit, schedule_room_save, schedule_room_delete,
    schedule_tracks, schedule_track_make, schedule_track_edit,
    schedule_track_save, schedule_track_delete, schedule_speaker_edit, schedule_speaker_save,
    schedule_speaker_delete;

#endif
