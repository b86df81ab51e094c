/* The same question put to libical: what happens within four weeks, and what overlaps the interview.
 *
 *   cc -O2 libical_peer.c $(pkg-config --cflags --libs libical) -o peer
 *   peer FILE FIRST_SECOND LAST_SECOND
 *
 * It reads the whole file, expands every event and compares times. No zones by other names, no policies, no
 * advice: the least that a C program can do for the job.
 */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stretch {
    time_t start, end;
};

struct found {
    struct stretch *all, interview;
    size_t used, room;
    time_t first, last;
    int is_interview;
};

static void keep(icalcomponent *event, struct icaltime_span *span, void *data) {
    struct found *found = data;
    (void)event;
    if (span->start >= found->last || span->end <= found->first)
        return;
    if (found->used == found->room) {
        found->room = found->room ? 2 * found->room : 1024;
        found->all = realloc(found->all, found->room * sizeof *found->all);
        if (!found->all)
            exit(1);
    }
    struct stretch stretch = {span->start, span->end};
    found->all[found->used++] = stretch;
    if (found->is_interview)
        found->interview = stretch;
}

static char *read_whole(const char *name) {
    FILE *file = fopen(name, "rb");
    if (!file || fseek(file, 0, SEEK_END))
        return NULL;
    long size = ftell(file);
    rewind(file);
    char *text = size < 0 ? NULL : malloc((size_t)size + 1);
    if (text)
        text[fread(text, 1, (size_t)size, file)] = '\0';
    fclose(file);
    return text;
}

int main(int count, char **words) {
    char *text = count == 4 ? read_whole(words[1]) : NULL;
    icalcomponent *calendar = text ? icalparser_parse_string(text) : NULL;
    if (!calendar)
        return 1;
    free(text);
    struct found found = {.first = atoll(words[2]), .last = atoll(words[3])};
    icaltimezone *utc = icaltimezone_get_utc_timezone();
    const int margin = 2 * 24 * 60 * 60;
    struct icaltimetype from = icaltime_from_timet_with_zone(found.first - margin, 0, utc);
    struct icaltimetype until = icaltime_from_timet_with_zone(found.last + margin, 0, utc);
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT)) {
        const char *title = icalcomponent_get_summary(event);
        found.is_interview = title && strncmp(title, "Interview", 9) == 0;
        icalcomponent_foreach_recurrence(event, from, until, keep, &found);
    }
    size_t clashes = 0;
    for (size_t i = 0; i < found.used; i++)
        clashes += found.all[i].start < found.interview.end && found.all[i].end > found.interview.start;
    printf("%zu occurrences, %zu at the time of the interview\n", found.used, clashes);
    return 0;
}
